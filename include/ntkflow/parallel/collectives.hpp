#pragma once

#include "ntkflow/base/types.hpp"
#include "ntkflow/parallel/communicator.hpp"
#include "ntkflow/parallel/partition.hpp"

#include <span>
#include <string>
#include <vector>

namespace ntkflow {

// Every function here is collective on its communicator. Sums are formed in an order that depends
// on the number of ranks only, never on who comes first: the same ranks give the same bits.

void barrier(const Communicator& comm);

/// Root's values replace everybody's. Shape: equal lengths on all ranks (the string's is sent too).
void broadcast(const Communicator& comm, std::span<double> values, int root = 0);
void broadcast(const Communicator& comm, std::span<Index> values, int root = 0);
void broadcast(const Communicator& comm, std::string& text, int root = 0);

/// Element-wise sum or maximum over the ranks, in place, for everybody.
void sum_over_ranks(const Communicator& comm, std::span<double> values);
double sum_over_ranks(const Communicator& comm, double value);
Index sum_over_ranks(const Communicator& comm, Index value);
Index max_over_ranks(const Communicator& comm, Index value);

/// Element-wise sum over the ranks, in place, for one rank only; the others keep what they gave.
void sum_to_rank(const Communicator& comm, std::span<double> values, int receiver);

/// True on every rank as soon as it is true on one.
bool any_rank(const Communicator& comm, bool value);

/// Puts the shards of a partitioned vector together on every rank.
/// Shape: shard partition.range(rank).count(), whole partition.count().
void all_gather(const Communicator& comm, const Partition& partition, std::span<const double> shard,
                std::span<double> whole);

/// Sums whole vectors over the ranks and leaves each rank its shard of the sum.
/// Shape: whole partition.count(), shard partition.range(rank).count().
void reduce_scatter(const Communicator& comm, const Partition& partition,
                    std::span<const double> whole, std::span<double> shard);

/// One text from each rank, in rank order, on root; empty elsewhere.
std::vector<std::string> gather_texts(const Communicator& comm, const std::string& text);

}  // namespace ntkflow
