// Preloaded into every rank of a run, records in one order over all processes whatever changes the
// files of one folder: writes with their bytes, truncations, reservations, syncs, renames, removals.
// replay.py makes of the record every state that a crash could have left.
//
//   NTKFLOW_RECORD         folder for the record, one file a process, and the common counter
//   NTKFLOW_RECORD_FOLDER  files below this folder are recorded

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <climits>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

enum class Event : std::uint32_t { write, truncate, reserve, sync, rename, remove };

// What stands before the path and the data of an event in the record.
struct Header {
  std::uint64_t number;
  Event event;
  std::uint32_t path_length;
  std::int64_t offset;
  std::int64_t length;  // of the data, or the new size
};

template <typename Function>
Function* next_of(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

// A lock and a counter in memory that all processes share: an operation and its number are one.
class Turn {
 public:
  Turn() {
    while (shared().busy.exchange(1) != 0) usleep(10);
  }
  ~Turn() { shared().busy.store(0); }
  std::uint64_t number() { return shared().count++; }

 private:
  struct Shared {
    std::atomic<std::uint32_t> busy;
    std::uint64_t count;
  };
  static Shared& shared() {
    static Shared* const memory = [] {
      const std::string path = std::string(std::getenv("NTKFLOW_RECORD")) + "/counter";
      const int file = open(path.c_str(), O_RDWR | O_CREAT, 0600);
      if (file < 0 || ftruncate(file, sizeof(Shared)) != 0) std::abort();
      void* map = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
      if (map == MAP_FAILED) std::abort();
      return static_cast<Shared*>(map);
    }();
    return *memory;
  }
};

std::string path_of(int file) {
  char target[PATH_MAX];
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t length = readlink(link.c_str(), target, sizeof target);
  return length > 0 ? std::string(target, static_cast<std::size_t>(length)) : std::string();
}

bool is_recorded(const std::string& path) {
  const char* folder = std::getenv("NTKFLOW_RECORD_FOLDER");
  return folder != nullptr && std::getenv("NTKFLOW_RECORD") != nullptr && path.starts_with(folder);
}

void put(int file, const void* data, std::size_t size) {
  static const auto real = next_of<ssize_t(int, const void*, std::size_t)>("write");
  if (real(file, data, size) != static_cast<ssize_t>(size)) std::abort();
}

void record(Turn& turn, Event event, const std::string& path, std::int64_t offset,
            std::int64_t length, const void* data) {
  static const int file = [] {
    const std::string name =
        std::string(std::getenv("NTKFLOW_RECORD")) + "/events." + std::to_string(getpid());
    return open(name.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }();
  const Header header{turn.number(), event, static_cast<std::uint32_t>(path.size()), offset,
                      length};
  put(file, &header, sizeof header);
  put(file, path.data(), path.size());
  if (data != nullptr) put(file, data, static_cast<std::size_t>(length));
}

// Carries out an operation on an open file and records it when it succeeded.
template <typename Operation, typename Note>
auto carry_out(int file, Operation&& operation, Note&& note) {
  const std::string path = path_of(file);
  if (!is_recorded(path)) return operation();
  Turn turn;
  const auto result = operation();
  note(turn, path, result);
  return result;
}

ssize_t write_at(int file, const void* data, off_t offset, auto&& operation) {
  return carry_out(file, operation, [&](Turn& turn, const std::string& path, ssize_t written) {
    if (written > 0) record(turn, Event::write, path, offset, written, data);
  });
}

ssize_t write_pieces_at(int file, const iovec* pieces, int count, off_t offset, auto&& operation) {
  std::string data;
  for (int i = 0; i < count; ++i)
    data.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
  return write_at(file, data.data(), offset, operation);
}

int sized(int file, Event event, off_t size, auto&& operation) {
  return carry_out(file, operation, [&](Turn& turn, const std::string& path, int error) {
    if (error == 0) record(turn, event, path, 0, size, nullptr);
  });
}

int named(const char* path, Event event, const char* data, auto&& operation) {
  if (!is_recorded(path)) return operation();
  Turn turn;
  const int error = operation();
  const auto length = data != nullptr ? static_cast<std::int64_t>(std::strlen(data)) : 0;
  if (error == 0) record(turn, event, path, 0, length, data);
  return error;
}

}  // namespace

#define NTKFLOW_NEXT(name) static const auto real = next_of<decltype(name)>(#name)

extern "C" {

ssize_t write(int file, const void* data, std::size_t size) {
  NTKFLOW_NEXT(write);
  return write_at(file, data, lseek(file, 0, SEEK_CUR), [&] { return real(file, data, size); });
}

ssize_t pwrite(int file, const void* data, std::size_t size, off_t offset) {
  NTKFLOW_NEXT(pwrite);
  return write_at(file, data, offset, [&] { return real(file, data, size, offset); });
}

ssize_t pwrite64(int file, const void* data, std::size_t size, off64_t offset) {
  NTKFLOW_NEXT(pwrite64);
  return write_at(file, data, offset, [&] { return real(file, data, size, offset); });
}

ssize_t writev(int file, const iovec* pieces, int count) {
  NTKFLOW_NEXT(writev);
  return write_pieces_at(file, pieces, count, lseek(file, 0, SEEK_CUR),
                         [&] { return real(file, pieces, count); });
}

ssize_t pwritev(int file, const iovec* pieces, int count, off_t offset) {
  NTKFLOW_NEXT(pwritev);
  return write_pieces_at(file, pieces, count, offset,
                         [&] { return real(file, pieces, count, offset); });
}

ssize_t pwritev64(int file, const iovec* pieces, int count, off64_t offset) {
  NTKFLOW_NEXT(pwritev64);
  return write_pieces_at(file, pieces, count, offset,
                         [&] { return real(file, pieces, count, offset); });
}

int ftruncate(int file, off_t size) {
  NTKFLOW_NEXT(ftruncate);
  return sized(file, Event::truncate, size, [&] { return real(file, size); });
}

int ftruncate64(int file, off64_t size) {
  NTKFLOW_NEXT(ftruncate64);
  return sized(file, Event::truncate, size, [&] { return real(file, size); });
}

int posix_fallocate(int file, off_t offset, off_t size) {
  NTKFLOW_NEXT(posix_fallocate);
  return sized(file, Event::reserve, offset + size, [&] { return real(file, offset, size); });
}

int posix_fallocate64(int file, off64_t offset, off64_t size) {
  NTKFLOW_NEXT(posix_fallocate64);
  return sized(file, Event::reserve, offset + size, [&] { return real(file, offset, size); });
}

int fsync(int file) {
  NTKFLOW_NEXT(fsync);
  return sized(file, Event::sync, 0, [&] { return real(file); });
}

int fdatasync(int file) {
  NTKFLOW_NEXT(fdatasync);
  return sized(file, Event::sync, 0, [&] { return real(file); });
}

int rename(const char* from, const char* to) noexcept {
  NTKFLOW_NEXT(rename);
  return named(from, Event::rename, to, [&] { return real(from, to); });
}

int unlink(const char* path) noexcept {
  NTKFLOW_NEXT(unlink);
  return named(path, Event::remove, nullptr, [&] { return real(path); });
}

}  // extern "C"
