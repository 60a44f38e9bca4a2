#pragma once

#include "ntkflow/base/types.hpp"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ntkflow {

/// What an element of a dataset is: f8 or i8, little-endian, or a text of fixed length.
enum class ElementType { real, integer, text };

/// What a dataset holds from its creation on: nothing, one text, or a value for each element.
using Contents = std::variant<std::monostate, std::string, IndexList, std::vector<double>,
                              std::vector<std::string>>;

/// One dataset of an archive: all of it is fixed when the archive is created.
struct DatasetSpec {
  std::string path;
  IndexList shape = {};                      ///< at most two entries; none for a single text
  std::vector<std::string> dimensions = {};  ///< their names, e.g. {"time", "train"}, or none
  std::string units = "1";
  std::string long_name = {};  ///< what it is; never empty
  std::string marker = {};     ///< of the commit unit that it belongs to; empty: not under commit
  ElementType type = ElementType::real;
  Index text_length = 0;   ///< bytes an element, for text
  Contents contents = {};  ///< written at creation

  Index count() const;  ///< elements; throws ConfigError when the number overflows
  Index bytes() const;
};

using AttributeValue = std::variant<std::string, Index, double>;

/// Everything that an archive will ever contain, before it is created: nothing grows afterwards.
struct Schema {
  std::vector<DatasetSpec> datasets;
  std::vector<std::pair<std::string, AttributeValue>> attributes;  ///< of the root

  /// Adds a dataset; the marker of its unit and the scales of its dimensions come with it. Equal
  /// dimension names must mean equal lengths.
  void add(DatasetSpec dataset);

  /// Bytes of all datasets; what the disk must have.
  Index bytes() const;
};

}  // namespace ntkflow
