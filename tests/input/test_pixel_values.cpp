#include "ntkflow/input/pixel_values.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ntkflow {
namespace {

// Two images of 2 x 2 pixels with 3 channels.
LabelledImages colours() {
  return {2,
          2,
          3,
          std::string("\x0a\x14\x1e\x00\x00\x00\x64\x32\x0a\x05\x05\x05", 12) +
              std::string("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c", 12),
          {0, 1},
          ""};
}

Vector values(const PixelOptions& options, Index i = 0) {
  return PixelValues(colours(), options)(colours().image(i));
}

TEST(PixelValues, keep_channels_fastest) {
  const PixelValues pixels(colours(), {.normalise = Normalise::raw});

  EXPECT_EQ(pixels.shape(), (SampleShape{{2, 2}, 3}));
  EXPECT_EQ(values({.normalise = Normalise::raw}),
            (Vector(12) << 10, 20, 30, 0, 0, 0, 100, 50, 10, 5, 5, 5).finished());
}

TEST(PixelValues, grey_is_the_luma) {
  const PixelOptions grey{.colours = Colours::grey, .normalise = Normalise::raw};

  EXPECT_EQ(PixelValues(colours(), grey).shape(), (SampleShape{{2, 2}, 1}));
  EXPECT_TRUE(values(grey).isApprox(
      (Vector(4) << 2.99 + 11.74 + 3.42, 0, 29.9 + 29.35 + 1.14, 5).finished(), 1e-14));
}

TEST(PixelValues, are_resized_channel_by_channel) {
  const Vector small = values({.resize = 1, .normalise = Normalise::raw});
  const Vector large = values({.resize = 4, .normalise = Normalise::raw});

  EXPECT_TRUE(small.isApprox((Vector(3) << 115, 75, 45).finished() / 4, 1e-14));
  ASSERT_EQ(large.size(), 48);
  EXPECT_EQ(large.head(3), values({.normalise = Normalise::raw}).head(3)) << "corners stay";
  EXPECT_EQ(large.tail(3), values({.normalise = Normalise::raw}).tail(3));
  // Position (1, 0) of 4 x 4 is 3/4 of (0, 0) and 1/4 of (1, 0) of 2 x 2.
  EXPECT_NEAR(large[4 * 3], 0.75 * 10 + 0.25 * 100, 1e-13);
}

TEST(PixelValues, standardised_channels_have_mean_0_and_mean_square_1) {
  for (const Colours kind : {Colours::rgb, Colours::grey})
    for (const Index resize : {0, 3}) {
      const PixelOptions options{
          .colours = kind, .resize = resize, .normalise = Normalise::standardised};
      const Index channels = PixelValues(colours(), options).shape().channels;
      Vector both(2 * values(options).size());
      both << values(options, 0), values(options, 1);
      const auto by_channel = both.reshaped(channels, both.size() / channels);
      EXPECT_LT(by_channel.rowwise().mean().cwiseAbs().maxCoeff(), 1e-14);
      EXPECT_TRUE(by_channel.rowwise().squaredNorm().isApproxToConstant(
          static_cast<double>(by_channel.cols()), 1e-12));
    }
}

TEST(PixelValues, constant_channels_become_0_when_standardised) {
  const LabelledImages flat{1, 2, 1, std::string(4, '\x07'), {0, 1}, ""};

  EXPECT_LT(PixelValues(flat, {.normalise = Normalise::standardised})(flat.image(0))
                .cwiseAbs()
                .maxCoeff(),
            1e-12);
}

TEST(PixelValues, norm_and_scale_come_last) {
  EXPECT_NEAR(values({.colours = Colours::grey, .resize = 3, .scale = 5}).norm(), 5, 1e-14);
  EXPECT_NEAR(values({.normalise = Normalise::unit_range, .scale = 2})[0], 20.0 / 255, 1e-15);
}

}  // namespace
}  // namespace ntkflow
