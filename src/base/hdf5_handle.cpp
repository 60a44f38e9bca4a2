#include "ntkflow/base/hdf5_handle.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ntkflow {
namespace {

// The innermost record says what went wrong; the outer ones only who called whom.
herr_t keep_first(unsigned depth, const H5E_error2_t* record, void* text) {
  if (depth == 0) *static_cast<std::string*>(text) = record->desc != nullptr ? record->desc : "";
  return 0;
}

}  // namespace

void silence_hdf5() {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

std::string hdf5_error_text() {
  std::string text;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, &text);
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text.empty() ? "HDF5 gives no reason" : text;
}

void check_hdf5(herr_t status, std::string_view what) {
  if (status < 0) throw Hdf5Error(fmt::format("{} failed: {}", what, hdf5_error_text()));
}

}  // namespace ntkflow
