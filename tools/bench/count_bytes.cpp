// Counts the bytes that each rank sends: a library to preload (LD_PRELOAD) whose functions stand in
// front of MPI's. At the end each rank writes its count to the file NTKFLOW_BYTES.RANK.
//
// A collective counts as what its cheapest algorithm sends a rank: of B bytes over P ranks (P - 1)/P B
// for a broadcast, a reduction or a scattered sum, twice that for a sum that all receive, and
// P - 1 times a rank's own part for a gathering to all. Files, one-sided counters and HDF5's
// gatherings to one rank are not counted.

#include <mpi.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

double sent = 0;

double bytes(int count, MPI_Datatype type) {
  int size = 0;
  PMPI_Type_size(type, &size);
  return static_cast<double>(count) * size;
}

double ranks(MPI_Comm comm) {
  int size = 1;
  PMPI_Comm_size(comm, &size);
  return size;
}

double share(MPI_Comm comm) {
  return (ranks(comm) - 1) / ranks(comm);
}

}  // namespace

extern "C" {

int MPI_Send(const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm) {
  sent += bytes(count, type);
  return PMPI_Send(data, count, type, to, tag, comm);
}

int MPI_Rsend(const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm) {
  sent += bytes(count, type);
  return PMPI_Rsend(data, count, type, to, tag, comm);
}

int MPI_Isend(const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm,
              MPI_Request* request) {
  sent += bytes(count, type);
  return PMPI_Isend(data, count, type, to, tag, comm, request);
}

int MPI_Sendrecv(const void* data, int count, MPI_Datatype type, int to, int tag, void* received,
                 int most, MPI_Datatype received_type, int from, int received_tag, MPI_Comm comm,
                 MPI_Status* status) {
  sent += bytes(count, type);
  return PMPI_Sendrecv(data, count, type, to, tag, received, most, received_type, from,
                       received_tag, comm, status);
}

int MPI_Bcast(void* data, int count, MPI_Datatype type, int root, MPI_Comm comm) {
  sent += share(comm) * bytes(count, type);
  return PMPI_Bcast(data, count, type, root, comm);
}

int MPI_Reduce(const void* data, void* result, int count, MPI_Datatype type, MPI_Op op, int root,
               MPI_Comm comm) {
  sent += share(comm) * bytes(count, type);
  return PMPI_Reduce(data, result, count, type, op, root, comm);
}

int MPI_Allreduce(const void* data, void* result, int count, MPI_Datatype type, MPI_Op op,
                  MPI_Comm comm) {
  sent += 2 * share(comm) * bytes(count, type);
  return PMPI_Allreduce(data, result, count, type, op, comm);
}

int MPI_Reduce_scatter(const void* data, void* result, const int* counts, MPI_Datatype type,
                       MPI_Op op, MPI_Comm comm) {
  for (int rank = 0; rank < static_cast<int>(ranks(comm)); ++rank)
    sent += share(comm) * bytes(counts[rank], type);
  return PMPI_Reduce_scatter(data, result, counts, type, op, comm);
}

int MPI_Allgather(const void* data, int count, MPI_Datatype type, void* whole, int received,
                  MPI_Datatype received_type, MPI_Comm comm) {
  sent += (ranks(comm) - 1) * bytes(received, received_type);
  return PMPI_Allgather(data, count, type, whole, received, received_type, comm);
}

int MPI_Allgatherv(const void* data, int count, MPI_Datatype type, void* whole, const int* counts,
                   const int* displacements, MPI_Datatype received_type, MPI_Comm comm) {
  int rank = 0;
  PMPI_Comm_rank(comm, &rank);
  sent += (ranks(comm) - 1) * bytes(counts[rank], received_type);
  return PMPI_Allgatherv(data, count, type, whole, counts, displacements, received_type, comm);
}

int MPI_Finalize() {
  int rank = 0;
  PMPI_Comm_rank(MPI_COMM_WORLD, &rank);
  if (const char* stem = std::getenv("NTKFLOW_BYTES"))
    if (std::FILE* file =
            std::fopen((std::string(stem) + "." + std::to_string(rank)).c_str(), "w")) {
      std::fprintf(file, "%.0f\n", sent);
      std::fclose(file);
    }
  return PMPI_Finalize();
}

}  // extern "C"
