#include "ntkflow/base/hdf5_handle.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace ntkflow {
namespace {

Hdf5Space a_space() {
  const hsize_t extent = 3;
  return {H5Screate_simple(1, &extent, nullptr), "H5Screate_simple"};
}

TEST(Hdf5Handle, failure_carries_the_librarys_own_words) {
  silence_hdf5();

  try {
    const Hdf5File file(H5Fopen("/no/such/file.h5", H5F_ACC_RDONLY, H5P_DEFAULT), "H5Fopen x");
    FAIL() << "opened a file that does not exist";
  } catch (const Hdf5Error& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("H5Fopen x failed"), std::string::npos) << text;
    EXPECT_NE(text.find("No such file"), std::string::npos) << text;
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
  }
}

TEST(Hdf5Handle, closes_at_the_end_of_its_scope) {
  hid_t id = H5I_INVALID_HID;
  {
    const Hdf5Space space = a_space();
    id = space.get();
    EXPECT_GT(H5Iis_valid(id), 0);
  }
  EXPECT_EQ(H5Iis_valid(id), 0);
}

TEST(Hdf5Handle, moving_hands_over_and_close_is_checked) {
  silence_hdf5();
  Hdf5Space first = a_space();
  Hdf5Space second = std::move(first);

  EXPECT_FALSE(first.is_open());
  EXPECT_TRUE(second.is_open());
  second.close("H5Sclose");
  EXPECT_FALSE(second.is_open());
  EXPECT_THROW(second.close("H5Sclose again"), Hdf5Error);
}

template <OnException on_exception>
hid_t id_after_an_exception() {
  hid_t id = H5I_INVALID_HID;
  try {
    const Hdf5Handle<H5Sclose, on_exception> space(H5Screate(H5S_SCALAR), "H5Screate");
    id = space.get();
    throw Hdf5Error("stop");
  } catch (const Hdf5Error&) {
  }
  return id;
}

TEST(Hdf5Handle, leaks_or_closes_while_an_exception_is_in_flight) {
  const hid_t leaked = id_after_an_exception<OnException::leak>();

  EXPECT_GT(H5Iis_valid(leaked), 0);
  EXPECT_EQ(H5Iis_valid(id_after_an_exception<OnException::close>()), 0);
  H5Sclose(leaked);
}

}  // namespace
}  // namespace ntkflow
