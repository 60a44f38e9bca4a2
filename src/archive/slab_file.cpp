#include "ntkflow/archive/slab_file.hpp"

#include "archive/dataset_info.hpp"
#include "ntkflow/archive/attribute.hpp"
#include "ntkflow/archive/checksum.hpp"
#include "ntkflow/archive/names.hpp"
#include "ntkflow/parallel/agree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ntkflow {
namespace {

// Elements that move at once (32 MiB): OMPIO and HDF5 have both had trouble beyond 2 GiB, and what
// is read back for a checksum must not double the memory of a rank.
constexpr Index piece_elements = Index{1} << 22;

// Calls visit(piece, elements before it) for parts of a slab that are contiguous in a buffer
// holding the slab row by row.
template <typename Visit>
void for_each_piece(const Slab& slab, Visit&& visit) {
  const Index columns = slab.columns.count();
  if (slab.count() == 0) return;
  const Index width = std::min(columns, piece_elements);
  const Index height = width < columns ? 1 : std::max<Index>(1, piece_elements / columns);
  for (Index row = slab.rows.first; row < slab.rows.last; row += height)
    for (Index column = slab.columns.first; column < slab.columns.last; column += width)
      visit(Slab{{row, std::min(row + height, slab.rows.last)},
                 {column, std::min(column + width, slab.columns.last)}},
            (row - slab.rows.first) * columns + column - slab.columns.first);
}

hid_t memory_type(double) {
  return H5T_NATIVE_DOUBLE;
}
hid_t memory_type(Index) {
  return H5T_NATIVE_INT64;
}
constexpr ElementType element_type(double) {
  return ElementType::real;
}
constexpr ElementType element_type(Index) {
  return ElementType::integer;
}

// The sum of hashes of a slab whose values are in memory.
template <typename Number>
std::uint64_t sum_in_memory(const SlabFile::Info& info, const Slab& slab,
                            std::span<const Number> values) {
  const std::uint64_t key = path_key(info.path);
  const auto width = static_cast<std::size_t>(slab.columns.count());
  std::uint64_t sum = 0;
  for (Index row = slab.rows.first; row < slab.rows.last; ++row) {
    const auto begin = static_cast<std::size_t>(row - slab.rows.first) * width;
    sum +=
        sum_of_hashes(key, row * info.columns + slab.columns.first, values.subspan(begin, width));
  }
  return sum;
}

bool inside(const Slab& slab, const SlabFile::Info& info) {
  return slab.rows.first >= 0 && slab.rows.last <= info.rows && slab.rows.count() >= 0 &&
         slab.columns.first >= 0 && slab.columns.last <= info.columns && slab.columns.count() >= 0;
}

}  // namespace

SlabFile::SlabFile(Hdf5File file, std::string path)
    : path_(std::move(path)), file_(std::move(file)) {
  for (const std::string& name : dataset_paths(file_)) {
    const std::string where = path_ + ":" + name;
    Hdf5Dataset dataset(H5Dopen2(file_.get(), name.c_str(), H5P_DEFAULT), "opening " + where);
    Info info = read_dataset_info(dataset, name, where);
    datasets_.emplace(name, Open{std::move(info), std::move(dataset)});
  }
}

SlabFile SlabFile::open_serial(const std::string& path) {
  silence_hdf5();
  return {Hdf5File(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), "opening " + path), path};
}

SlabFile SlabFile::open_parallel(const Communicator& comm, const std::string& path) {
  silence_hdf5();
  return after_all(comm, [&] {
    const Hdf5Properties access(H5Pcreate(H5P_FILE_ACCESS), "H5Pcreate");
    check_hdf5(H5Pset_fapl_mpio(access.get(), comm.native(), MPI_INFO_NULL), "H5Pset_fapl_mpio");
    return SlabFile({H5Fopen(path.c_str(), H5F_ACC_RDWR, access.get()), "opening " + path}, path);
  });
}

bool SlabFile::has(std::string_view dataset) const {
  return datasets_.contains(dataset);
}

const SlabFile::Open& SlabFile::find(std::string_view dataset) const {
  const auto found = datasets_.find(dataset);
  if (found == datasets_.end())
    throw Error(ExitCode::mismatch, fmt::format("{} has no dataset {}", path_, dataset));
  return found->second;
}

const SlabFile::Info& SlabFile::info(std::string_view dataset) const {
  return find(dataset).info;
}

std::vector<SlabFile::Info> SlabFile::datasets() const {
  std::vector<Info> list;
  for (const auto& [path, open] : datasets_) list.push_back(open.info);
  return list;
}

std::vector<std::pair<std::string, std::string>> SlabFile::attributes() const {
  return read_attributes(file_.get());
}

template <typename Number>
std::uint64_t SlabFile::write_pieces(std::string_view dataset, const Slab& slab,
                                     std::span<const Number> values) {
  const Open& open = find(dataset);
  NTKFLOW_EXPECTS(open.info.type == element_type(Number{}) && inside(slab, open.info));
  NTKFLOW_EXPECTS(count_of(values) == slab.count());
  for_each_piece(slab, [&](const Slab& piece, Index offset) {
    const Selection selection = select(open.handle, piece);
    // H5P_DEFAULT is the independent transfer.
    check_hdf5(H5Dwrite(open.handle.get(), memory_type(Number{}), selection.memory.get(),
                        selection.file.get(), H5P_DEFAULT, values.data() + offset),
               fmt::format("writing {}:{}", path_, dataset));
  });
  return sum_in_memory(open.info, slab, values);
}

template <typename Number>
void SlabFile::read_pieces(std::string_view dataset, const Slab& slab,
                           std::span<Number> values) const {
  const Open& open = find(dataset);
  NTKFLOW_EXPECTS(open.info.type == element_type(Number{}) && inside(slab, open.info));
  NTKFLOW_EXPECTS(count_of(values) == slab.count());
  for_each_piece(slab, [&](const Slab& piece, Index offset) {
    const Selection selection = select(open.handle, piece);
    check_hdf5(H5Dread(open.handle.get(), memory_type(Number{}), selection.memory.get(),
                       selection.file.get(), H5P_DEFAULT, values.data() + offset),
               fmt::format("reading {}:{}", path_, dataset));
  });
}

std::uint64_t SlabFile::write(std::string_view dataset, const Slab& slab,
                              std::span<const double> values) {
  return write_pieces(dataset, slab, values);
}

std::uint64_t SlabFile::write(std::string_view dataset, const Slab& slab,
                              std::span<const Index> values) {
  return write_pieces(dataset, slab, values);
}

void SlabFile::read(std::string_view dataset, const Slab& slab, std::span<double> values) const {
  read_pieces(dataset, slab, values);
}

void SlabFile::read(std::string_view dataset, const Slab& slab, std::span<Index> values) const {
  read_pieces(dataset, slab, values);
}

void SlabFile::write_text(std::string_view dataset, Index row, const std::string& text) {
  const Open& open = find(dataset);
  const Slab slab{{row, row + 1}, {0, 1}};
  NTKFLOW_EXPECTS(open.info.type == ElementType::text && inside(slab, open.info));
  std::string padded = text;
  padded.resize(static_cast<std::size_t>(open.info.text_length), '\0');
  const Selection selection = select(open.handle, slab);
  const Hdf5Type type = file_type(ElementType::text, open.info.text_length);
  check_hdf5(H5Dwrite(open.handle.get(), type.get(), selection.memory.get(), selection.file.get(),
                      H5P_DEFAULT, padded.data()),
             fmt::format("writing {}:{}", path_, dataset));
}

std::string SlabFile::read_text(std::string_view dataset, Index row) const {
  const Open& open = find(dataset);
  const Slab slab{{row, row + 1}, {0, 1}};
  NTKFLOW_EXPECTS(open.info.type == ElementType::text && inside(slab, open.info));
  std::string text(static_cast<std::size_t>(open.info.text_length), '\0');
  const Selection selection = select(open.handle, slab);
  const Hdf5Type type = file_type(ElementType::text, open.info.text_length);
  check_hdf5(H5Dread(open.handle.get(), type.get(), selection.memory.get(), selection.file.get(),
                     H5P_DEFAULT, text.data()),
             fmt::format("reading {}:{}", path_, dataset));
  return text.substr(0, text.find('\0'));
}

template <typename Number>
std::uint64_t SlabFile::sum_pieces(std::string_view dataset, const Slab& slab, Share share) const {
  const Info& known = info(dataset);
  std::vector<Number> values;
  std::uint64_t sum = 0;
  Index number = 0;
  for_each_piece(slab, [&](const Slab& piece, Index) {
    if (number++ % share.of != share.mine) return;
    values.resize(static_cast<std::size_t>(piece.count()));
    read(dataset, piece, std::span<Number>(values));
    sum += sum_in_memory(known, piece, std::span<const Number>(values));
  });
  return sum;
}

std::uint64_t SlabFile::sum_of(std::string_view dataset, const Slab& slab, Share share) const {
  const ElementType type = info(dataset).type;
  NTKFLOW_EXPECTS(type != ElementType::text);
  return type == ElementType::real ? sum_pieces<double>(dataset, slab, share)
                                   : sum_pieces<Index>(dataset, slab, share);
}

std::vector<SlabFile::Info> SlabFile::members(const CommitUnit& unit) const {
  std::vector<Info> list;
  for (const auto& [path, open] : datasets_)
    if (open.info.marker == unit.marker) list.push_back(open.info);
  return list;
}

std::uint64_t SlabFile::sum_of(const CommitUnit& unit, Share share) const {
  std::uint64_t sum = 0;
  for (const Info& member : members(unit)) sum += sum_of(member.path, member.part(unit), share);
  return sum;
}

std::array<Index, Marker::words> SlabFile::marker_words(const CommitUnit& unit) const {
  std::array<Index, Marker::words> words{};
  read(unit.marker, {{unit.row, unit.row + 1}, {0, Marker::words}}, std::span<Index>(words));
  return words;
}

std::optional<Marker> SlabFile::marker(const CommitUnit& unit) const {
  return Marker::decode(unit, marker_words(unit));
}

bool SlabFile::marker_is_empty(const CommitUnit& unit) const {
  return marker_words(unit) == std::array<Index, Marker::words>{};
}

void SlabFile::sync() {
  void* file = nullptr;
  check_hdf5(H5Fget_vfd_handle(file_.get(), H5P_DEFAULT, &file), "H5Fget_vfd_handle");
  if (MPI_File_sync(*static_cast<MPI_File*>(file)) != MPI_SUCCESS)
    throw Error(ExitCode::io_failed, fmt::format("syncing {} to the disk failed", path_));
}

void SlabFile::close() {
  datasets_.clear();
  file_.close("closing " + path_);
}

Slab SlabFile::Info::part(const CommitUnit& unit) const {
  return unit.marker == names::snapshot_markers ? Slab{{unit.row, unit.row + 1}, {0, columns}}
                                                : all();
}

}  // namespace ntkflow
