#include "ntkflow/parallel/collectives.hpp"

#include "ntkflow/base/error.hpp"

namespace ntkflow {
namespace {

template <typename Number>
Number reduce(const Communicator& comm, Number value, MPI_Datatype type, MPI_Op operation) {
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, &value, 1, type, operation, comm.native()));
  return value;
}

// Counts and displacements of a partition's shards, as MPI's v-collectives want them.
struct Shards {
  std::vector<int> counts;
  std::vector<int> offsets;

  explicit Shards(const Partition& partition) {
    for (int rank = 0; rank < partition.ranks(); ++rank) {
      const IndexRange range = partition.range(rank);
      counts.push_back(to_int(range.count(), "shard length"));
      offsets.push_back(to_int(range.first, "vector length"));
    }
  }
};

template <typename Number>
void broadcast_numbers(const Communicator& comm, std::span<Number> values, MPI_Datatype type,
                       int root) {
  check_mpi(MPI_Bcast(values.data(), to_int(count_of(values), "broadcast length"), type, root,
                      comm.native()));
}

}  // namespace

void barrier(const Communicator& comm) {
  check_mpi(MPI_Barrier(comm.native()));
}

void broadcast(const Communicator& comm, std::span<double> values, int root) {
  broadcast_numbers(comm, values, MPI_DOUBLE, root);
}

void broadcast(const Communicator& comm, std::span<Index> values, int root) {
  broadcast_numbers(comm, values, MPI_INT64_T, root);
}

void broadcast(const Communicator& comm, std::string& text, int root) {
  Index length = count_of(text);
  check_mpi(MPI_Bcast(&length, 1, MPI_INT64_T, root, comm.native()));
  text.resize(static_cast<std::size_t>(length));
  check_mpi(MPI_Bcast(text.data(), to_int(length, "text length"), MPI_CHAR, root, comm.native()));
}

void sum_over_ranks(const Communicator& comm, std::span<double> values) {
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, values.data(), to_int(count_of(values), "vector length"),
                          MPI_DOUBLE, MPI_SUM, comm.native()));
}

void sum_to_rank(const Communicator& comm, std::span<double> values, int receiver) {
  const bool receives = comm.rank() == receiver;
  check_mpi(MPI_Reduce(receives ? MPI_IN_PLACE : values.data(), receives ? values.data() : nullptr,
                       to_int(count_of(values), "vector length"), MPI_DOUBLE, MPI_SUM, receiver,
                       comm.native()));
}

double sum_over_ranks(const Communicator& comm, double value) {
  return reduce(comm, value, MPI_DOUBLE, MPI_SUM);
}

Index sum_over_ranks(const Communicator& comm, Index value) {
  return reduce(comm, value, MPI_INT64_T, MPI_SUM);
}

Index max_over_ranks(const Communicator& comm, Index value) {
  return reduce(comm, value, MPI_INT64_T, MPI_MAX);
}

bool any_rank(const Communicator& comm, bool value) {
  return max_over_ranks(comm, static_cast<Index>(value)) != 0;
}

void all_gather(const Communicator& comm, const Partition& partition, std::span<const double> shard,
                std::span<double> whole) {
  NTKFLOW_EXPECTS(count_of(whole) == partition.count());
  NTKFLOW_EXPECTS(count_of(shard) == partition.range(comm.rank()).count());
  const Shards shards(partition);
  check_mpi(MPI_Allgatherv(shard.data(), to_int(count_of(shard), "shard length"), MPI_DOUBLE,
                           whole.data(), shards.counts.data(), shards.offsets.data(), MPI_DOUBLE,
                           comm.native()));
}

void reduce_scatter(const Communicator& comm, const Partition& partition,
                    std::span<const double> whole, std::span<double> shard) {
  NTKFLOW_EXPECTS(count_of(whole) == partition.count());
  NTKFLOW_EXPECTS(count_of(shard) == partition.range(comm.rank()).count());
  const Shards shards(partition);
  check_mpi(MPI_Reduce_scatter(whole.data(), shard.data(), shards.counts.data(), MPI_DOUBLE,
                               MPI_SUM, comm.native()));
}

std::vector<std::string> gather_texts(const Communicator& comm, const std::string& text) {
  std::vector<std::string> texts;
  for (int rank = 0; rank < comm.size(); ++rank) {
    std::string sent = text;
    broadcast(comm, sent, rank);
    if (comm.is_root()) texts.push_back(std::move(sent));
  }
  return texts;
}

}  // namespace ntkflow
