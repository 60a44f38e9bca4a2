#pragma once

#include "ntkflow/base/error.hpp"

#include <hdf5.h>

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace ntkflow {

/// Stops HDF5 from printing its error stack: the text goes into our one-line message instead.
/// Call it before the first HDF5 call of a reader or writer; calling it again costs nothing.
void silence_hdf5();

/// What HDF5 itself says about the call that has just failed, on one line. HDF5 forgets it at the
/// next call of any of its functions.
std::string hdf5_error_text();

/// Throws: Hdf5Error `<what> failed: <HDF5's own words>` when status is negative.
void check_hdf5(herr_t status, std::string_view what);

/// What a handle's destructor does while an exception is in flight.
enum class OnException {
  leak,  ///< nothing: closing an object of a parallel file may wait for ranks that never come
  close  ///< close: the object takes no part in communication, e.g. it belongs to a serial file
};

/// Owner of an HDF5 identifier; the function that closes it is part of the type. The destructor
/// never throws; a file that was written is closed by a visible, checked close().
template <herr_t (*Close)(hid_t), OnException on_exception = OnException::leak>
class Hdf5Handle {
 public:
  Hdf5Handle() = default;

  /// Takes over what an HDF5 function returned; `what` names the call and its object.
  /// Throws: Hdf5Error with HDF5's own words when id is negative.
  Hdf5Handle(hid_t id, std::string_view what) : id_(id) {
    if (id < 0) check_hdf5(-1, what);
  }

  Hdf5Handle(Hdf5Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~Hdf5Handle() {
    const bool may_close = on_exception == OnException::close || std::uncaught_exceptions() == 0;
    if (id_ >= 0 && may_close) Close(id_);
  }

  hid_t get() const { return id_; }
  bool is_open() const { return id_ >= 0; }

  /// Throws: Hdf5Error when HDF5 cannot close it, e.g. because the last bytes cannot be written.
  void close(std::string_view what) {
    check_hdf5(Close(std::exchange(id_, H5I_INVALID_HID)), what);
  }

 private:
  hid_t id_ = H5I_INVALID_HID;
};

using Hdf5File = Hdf5Handle<H5Fclose>;
using Hdf5Group = Hdf5Handle<H5Gclose>;
using Hdf5Dataset = Hdf5Handle<H5Dclose>;
using Hdf5Attribute = Hdf5Handle<H5Aclose>;
using Hdf5Space = Hdf5Handle<H5Sclose, OnException::close>;
using Hdf5Type = Hdf5Handle<H5Tclose, OnException::close>;
using Hdf5Properties = Hdf5Handle<H5Pclose, OnException::close>;

}  // namespace ntkflow
