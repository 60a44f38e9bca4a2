#include "ntkflow/input/labelled_images.hpp"

#include "input/support.hpp"

#include <algorithm>

namespace ntkflow {
namespace {

const std::filesystem::path shipped = NTKFLOW_SOURCE_DIR "/jobs/mnist/data";

std::string idx(const std::vector<unsigned char>& extents, const std::string& values) {
  std::string bytes = {0, 0, 8, static_cast<char>(extents.size())};
  for (const unsigned char extent : extents)
    bytes += std::string(3, '\0') + static_cast<char>(extent);
  return bytes + values;
}

// Three images of 1 x 2 pixels with the labels 7, 1, 7.
void write_tiny_set(const TemporaryFolder& folder) {
  write_bytes(folder / "train-images-idx3-ubyte", idx({3, 1, 2}, "aabbcc"));
  write_bytes(folder / "train-labels-idx1-ubyte", idx({3}, "\7\1\7"));
}

TEST(ReadMnist, reads_the_shipped_subset) {
  const LabelledImages train = read_mnist(shipped, Split::train);
  const LabelledImages test = read_mnist(shipped, Split::test);

  EXPECT_EQ(train.count(), 4200);
  EXPECT_EQ(test.count(), 400);
  EXPECT_EQ(train.bytes_per_image(), 28 * 28);
  EXPECT_EQ(std::count(train.labels.begin(), train.labels.end(), 4), 2059);
  EXPECT_EQ(std::count(train.labels.begin(), train.labels.end(), 9), 2141);
  EXPECT_EQ(std::count(test.labels.begin(), test.labels.end(), 9), 190);
  EXPECT_EQ(train.digest.size(), 32u);
  EXPECT_NE(train.digest, test.digest);
}

TEST(ReadMnist, takes_plain_files_too) {
  const TemporaryFolder folder;
  write_tiny_set(folder);

  const LabelledImages images = read_mnist(folder.path(), Split::train);

  EXPECT_EQ(images.height, 1);
  EXPECT_EQ(images.width, 2);
  EXPECT_EQ(images.image(1)[0], 'b');
  EXPECT_EQ(images.labels, (std::vector<std::uint8_t>{7, 1, 7}));
}

TEST(ReadMnist, digest_is_that_of_the_content) {
  const TemporaryFolder folder;
  write_tiny_set(folder);
  const std::string before = read_mnist(folder.path(), Split::train).digest;

  write_bytes(folder / "train-images-idx3-ubyte", idx({3, 1, 2}, "aabbcd"));

  EXPECT_NE(read_mnist(folder.path(), Split::train).digest, before);
}

TEST(ReadMnist, names_the_missing_folder_or_file_and_the_key) {
  const TemporaryFolder folder;
  write_tiny_set(folder);

  EXPECT_MESSAGE(MissingInput, read_mnist(folder / "nowhere", Split::train),
                 "nowhere: no such folder");
  EXPECT_MESSAGE(MissingInput, read_mnist(folder.path(), Split::test),
                 "t10k-images-idx3-ubyte.gz: no such file");
  EXPECT_MESSAGE(MissingInput, read_mnist(folder.path(), Split::test), "--set input.path=DIR");
}

TEST(ReadMnist, refuses_a_truncated_archive_of_the_shipped_subset) {
  const TemporaryFolder folder;
  for (const auto& entry : std::filesystem::directory_iterator(shipped))
    std::filesystem::copy(entry.path(), folder / entry.path().filename());
  std::filesystem::resize_file(folder / "train-images-idx3-ubyte.gz", 300000);

  EXPECT_MESSAGE(ConfigError, read_mnist(folder.path(), Split::train),
                 "train-images-idx3-ubyte.gz: the gzip data stop");
}

TEST(ReadMnist, refuses_images_and_labels_that_do_not_match) {
  const TemporaryFolder folder;
  write_tiny_set(folder);
  const auto with = [&](const std::string& images, const std::string& labels) {
    write_bytes(folder / "train-images-idx3-ubyte", images);
    write_bytes(folder / "train-labels-idx1-ubyte", labels);
    return read_mnist(folder.path(), Split::train);
  };

  EXPECT_MESSAGE(ConfigError, with(idx({3, 1, 2}, "aabbcc"), idx({2}, "\7\1")), "holds 2 labels");
  EXPECT_MESSAGE(ConfigError, with(idx({3, 2}, "aabbcc"), idx({3}, "\7\1\7")),
                 "expected images x rows x columns");
  EXPECT_MESSAGE(ConfigError, with(idx({3, 1, 2}, "aabbcc"), idx({3, 1}, "\7\1\7")),
                 "expected one label an image");
  EXPECT_MESSAGE(ConfigError, with(idx({3, 0, 2}, ""), idx({3}, "\7\1\7")), "have no pixels");
}

TEST(SelectClasses, keeps_exactly_these_labels_in_the_order_of_the_file) {
  const LabelledImages all{1, 2, 1, "aabbccdd", {7, 1, 3, 7}, "digest"};

  const LabelledImages chosen = select_classes(all, {3, 7});

  EXPECT_EQ(chosen.labels, (std::vector<std::uint8_t>{7, 3, 7}));
  EXPECT_EQ(chosen.pixels, "aaccdd");
  EXPECT_EQ(chosen.bytes_per_image(), 2);
  EXPECT_EQ(select_classes(all, {}).labels, all.labels) << "without classes, all of them";
}

TEST(SelectClasses, refuses_classes_that_are_repeated_or_absent) {
  const LabelledImages all{1, 1, 1, "ab", {7, 1}, ""};

  EXPECT_MESSAGE(ConfigError, select_classes(all, {7, 7}), "input.classes lists 7 twice");
  EXPECT_MESSAGE(ConfigError, select_classes(all, {7, 2}), "has the label 2");
  EXPECT_MESSAGE(ConfigError, select_classes(all, {7, 263}), "has the label 263");
  EXPECT_MESSAGE(ConfigError, select_classes(all, {-1, 7}), "has the label -1");
}

}  // namespace
}  // namespace ntkflow
