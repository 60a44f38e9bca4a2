#include "ntkflow/input/labelled_images.hpp"

#include "ntkflow/base/digest.hpp"
#include "ntkflow/base/error.hpp"
#include "ntkflow/input/idx_reader.hpp"
#include "ntkflow/input/input_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace ntkflow {
namespace {

struct IdxFile {
  std::string name;
  std::string bytes;
};

IdxFile read_idx_file(const std::filesystem::path& folder, const std::string& name) {
  constexpr const char* remedy =
      "set the folder of MNIST's four IDX files (.gz or not), e.g. --set input.path=DIR";
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored))
    throw MissingInput(fmt::format("{}: no such folder; {}", folder.string(), remedy));
  const std::filesystem::path plain = folder / name, packed = folder / (name + ".gz");
  if (std::filesystem::exists(plain, ignored))
    return {plain.string(), read_input_file(plain, remedy)};
  return {packed.string(), gunzip(read_input_file(packed, remedy), packed.string())};
}

void check_shapes(const IdxArray& images, const IdxArray& labels, const IdxFile& image_file,
                  const IdxFile& label_file) {
  if (images.shape.size() != 3)
    throw ConfigError(fmt::format("{}: expected images x rows x columns, found the shape {}",
                                  image_file.name, fmt::join(images.shape, " x ")));
  if (images.shape[1] < 1 || images.shape[2] < 1)
    throw ConfigError(fmt::format("{}: the images have no pixels, found the shape {}",
                                  image_file.name, fmt::join(images.shape, " x ")));
  if (labels.shape.size() != 1)
    throw ConfigError(fmt::format("{}: expected one label an image, found the shape {}",
                                  label_file.name, fmt::join(labels.shape, " x ")));
  if (images.shape[0] != labels.shape[0])
    throw ConfigError(fmt::format("{} holds {} labels, but {} holds {} images", label_file.name,
                                  labels.shape[0], image_file.name, images.shape[0]));
}

void check_classes(const std::vector<Index>& classes, const std::vector<std::uint8_t>& labels) {
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const auto here = classes.begin() + static_cast<std::ptrdiff_t>(k);
    if (std::find(classes.begin(), here, classes[k]) != here)
      throw ConfigError(fmt::format("input.classes lists {} twice", classes[k]));
    if (std::find(labels.begin(), labels.end(), classes[k]) == labels.end())
      throw ConfigError(
          fmt::format("input.classes: no image in input.path has the label {}", classes[k]));
  }
}

}  // namespace

std::span<const unsigned char> LabelledImages::image(Index i) const {
  NTKFLOW_EXPECTS(0 <= i && i < count());
  const auto* first = reinterpret_cast<const unsigned char*>(pixels.data()) + i * bytes_per_image();
  return {first, static_cast<std::size_t>(bytes_per_image())};
}

LabelledImages read_mnist(const std::filesystem::path& folder, Split split) {
  const std::string prefix = split == Split::train ? "train" : "t10k";
  IdxFile image_file = read_idx_file(folder, prefix + "-images-idx3-ubyte");
  IdxFile label_file = read_idx_file(folder, prefix + "-labels-idx1-ubyte");
  std::string both = digest(digest(image_file.bytes) + digest(label_file.bytes));
  IdxArray images = parse_idx(std::move(image_file.bytes), image_file.name);
  const IdxArray labels = parse_idx(std::move(label_file.bytes), label_file.name);
  check_shapes(images, labels, image_file, label_file);
  return {images.shape[1],
          images.shape[2],
          1,
          std::move(images.values),
          std::vector<std::uint8_t>(labels.values.begin(), labels.values.end()),
          std::move(both)};
}

LabelledImages select_classes(LabelledImages all, const std::vector<Index>& classes) {
  if (classes.empty()) return all;
  check_classes(classes, all.labels);
  LabelledImages chosen{all.height, all.width, all.channels, "", {}, all.digest};
  for (Index i = 0; i < all.count(); ++i) {
    const std::uint8_t label = all.labels[static_cast<std::size_t>(i)];
    if (std::find(classes.begin(), classes.end(), label) == classes.end()) continue;
    chosen.labels.push_back(label);
    const auto image = all.image(i);
    chosen.pixels.append(image.begin(), image.end());
  }
  return chosen;
}

}  // namespace ntkflow
