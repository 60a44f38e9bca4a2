# Read by find_package(ntkflow) in a project that uses the installed library.
include(CMakeFindDependencyMacro)
find_dependency(MPI COMPONENTS CXX)
find_dependency(Eigen3 3.4)
find_dependency(Boost 1.74 COMPONENTS program_options)
find_dependency(fmt)
find_dependency(ZLIB)
find_dependency(Threads)
include(${CMAKE_CURRENT_LIST_DIR}/ntkflow-targets.cmake)
