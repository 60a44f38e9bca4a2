#include "ntkflow/archive/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ntkflow {
namespace {

CommitUnit unit_of(int slot) {
  return {names::slot_marker(slot)};
}

std::string path_of(int slot, const StateField& field) {
  return names::slot_folder(slot) + field.name;
}

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

void write_field(Archive& archive, const std::string& path, const StateField& field) {
  std::visit(Overloaded{[&](const double* number) {
                          archive.write_whole(path, std::span<const double>(number, 1));
                        },
                        [&](const Index* number) { archive.write_whole(path, *number); },
                        [&](const Vector* vector) { archive.write_whole(path, span_of(*vector)); },
                        [&](const ShardedVector* vector) {
                          archive.write_rows(path, vector->my_range(), span_of(vector->local()));
                        }},
             field.value);
}

void read_field(const Archive& archive, const std::string& path, const StateField& field) {
  std::visit(Overloaded{[&](double* number) { *number = archive.read_whole(path)(0); },
                        [&](Index* number) { *number = archive.read_whole_integers(path).front(); },
                        [&](Vector* vector) { *vector = archive.read_whole(path); },
                        [&](ShardedVector* vector) {
                          vector->local() = archive.read_rows(path, vector->my_range()).row(0);
                        }},
             field.value);
}

void refuse_other_sizes(const Archive& archive, int slot, const std::vector<StateField>& fields) {
  for (const StateField& field : fields) {
    const std::string path = path_of(slot, field);
    const Index found = archive.shape(path).front();
    if (found != field.count())
      throw Error(ExitCode::mismatch,
                  fmt::format("{}:{} has {} values, this job has {}; use the job that the archive "
                              "was made with, or choose another output",
                              archive.path(), path, found, field.count()));
  }
}

}  // namespace

Index StateField::count() const {
  return std::visit(
      Overloaded{[](const double*) { return Index{1}; }, [](const Index*) { return Index{1}; },
                 [](const Vector* vector) { return Index{vector->size()}; },
                 [](const ShardedVector* vector) { return vector->count(); }},
      value);
}

void add_checkpoint(Schema& schema, const std::vector<StateField>& fields) {
  for (int slot = 0; slot < names::slots; ++slot)
    for (const StateField& field : fields)
      schema.add({.path = path_of(slot, field),
                  .shape = {field.count()},
                  .long_name = "integrator state: " + field.name,
                  .marker = names::slot_marker(slot),
                  .type = std::holds_alternative<Index*>(field.value) ? ElementType::integer
                                                                      : ElementType::real});
}

Checkpoint::Checkpoint(Archive& archive) : archive_(&archive) {
  Index best = 0;
  for (int slot = 0; slot < names::slots; ++slot) {
    const std::optional<Marker> marker = archive.marker(unit_of(slot));
    if (!marker) continue;
    sequence_ = std::max(sequence_, marker->index);
    if (marker->index > best && archive.intact(unit_of(slot))) {
      best = marker->index;
      newest_ = slot;
    }
  }
}

void Checkpoint::save_fields(const std::vector<StateField>& fields) {
  const int slot = newest_ ? 1 - *newest_ : 0;
  refuse_other_sizes(*archive_, slot, fields);
  archive_->withdraw(unit_of(slot));
  for (const StateField& field : fields) write_field(*archive_, path_of(slot, field), field);
  archive_->commit(unit_of(slot), ++sequence_);
  newest_ = slot;
}

bool Checkpoint::load_fields(const std::vector<StateField>& fields) const {
  if (!newest_) return false;
  refuse_other_sizes(*archive_, *newest_, fields);
  for (const StateField& field : fields) read_field(*archive_, path_of(*newest_, field), field);
  return true;
}

}  // namespace ntkflow
