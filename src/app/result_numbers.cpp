#include "ntkflow/app/result_numbers.hpp"

#include "ntkflow/archive/names.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace ntkflow {
namespace {

Index committed_snapshots(const ArchiveReader& archive) {
  Index count = 0;
  for (const UnitReport& report : archive.units())
    if (report.unit.marker == names::snapshot_markers && report.committed &&
        report.unit.row == count)
      ++count;
  return count;
}

std::string name_of(std::string_view path) {
  for (const std::string_view folder : {"/snapshot/", "/integrator/"})
    if (path.starts_with(folder)) return std::string(path.substr(folder.size()));
  std::string name(path.substr(1));
  std::ranges::replace(name, '/', '_');
  return name;
}

// Its rows row by row, integers as doubles.
std::vector<double> rows_of(const ArchiveReader& archive, const SlabFile::Info& dataset,
                            Index rows) {
  std::vector<double> values;
  if (dataset.type == ElementType::real) {
    values = archive.read(dataset.path);
  } else {
    for (const Index value : archive.read_integers(dataset.path))
      values.push_back(static_cast<double>(value));
  }
  values.resize(static_cast<std::size_t>(rows * dataset.columns));
  return values;
}

double largest(std::span<const double> values) {
  double most = std::numeric_limits<double>::quiet_NaN();
  for (const double value : values)
    if (std::isfinite(value) && !(value <= most)) most = value;
  return most;
}

}  // namespace

ResultNumbers result_numbers(const ArchiveReader& archive) {
  const Index count = committed_snapshots(archive);
  ResultNumbers numbers;
  if (count == 0) return numbers;
  for (const SlabFile::Info& dataset : archive.datasets()) {
    const bool is_bound = dataset.path.starts_with("/bound/");
    if (dataset.marker != names::snapshot_markers || dataset.type == ElementType::text ||
        (dataset.columns != 1 && !is_bound))
      continue;
    const std::vector<double> values = rows_of(archive, dataset, count);
    const std::string name = name_of(dataset.path);
    if (dataset.columns == 1) numbers.emplace_back(name + "_final", values.back());
    numbers.emplace_back(name + "_max", largest(values));
  }
  return numbers;
}

}  // namespace ntkflow
