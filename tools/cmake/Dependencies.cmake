# Every third-party library, each with an error that names its Debian package.
# Result: the interface target ntkflow_dependencies (Eigen and MPI have targets of their own).

function(ntkflow_require found library package)
  if(NOT ${found})
    message(FATAL_ERROR "${library} was not found; on Debian: apt-get install ${package}")
  endif()
endfunction()

function(ntkflow_find_header_and_library result header library package)
  string(MAKE_C_IDENTIFIER "${result}" name)
  find_path(${name}_INCLUDE ${header} PATH_SUFFIXES openblas-pthread openblas)
  set(found ${${name}_INCLUDE})
  if(library)
    find_library(${name}_LIBRARY ${library} PATH_SUFFIXES openblas-pthread openblas)
    if(NOT ${name}_LIBRARY)
      set(found FALSE)
    endif()
  endif()
  ntkflow_require(found "${result} (${header} ${library})" ${package})
  target_include_directories(ntkflow_dependencies SYSTEM INTERFACE ${${name}_INCLUDE})
  if(library)
    target_link_libraries(ntkflow_dependencies INTERFACE ${${name}_LIBRARY})
  endif()
endfunction()

add_library(ntkflow_dependencies INTERFACE)

find_package(MPI COMPONENTS CXX QUIET)
ntkflow_require(MPI_CXX_FOUND "Open MPI" "openmpi-bin libopenmpi-dev")
find_package(Eigen3 3.4 QUIET NO_MODULE)
ntkflow_require(Eigen3_FOUND "Eigen 3.4" libeigen3-dev)
find_package(Boost 1.74 QUIET COMPONENTS program_options)
ntkflow_require(Boost_FOUND "Boost.Program_options" libboost-program-options-dev)
find_package(fmt QUIET)
ntkflow_require(fmt_FOUND "fmt" libfmt-dev)
find_package(ZLIB QUIET)
ntkflow_require(ZLIB_FOUND "zlib" zlib1g-dev)
find_package(Threads REQUIRED)

set(HDF5_PREFER_PARALLEL TRUE)
find_package(HDF5 QUIET COMPONENTS C HL)
if(NOT HDF5_IS_PARALLEL)
  set(HDF5_FOUND FALSE)
endif()
ntkflow_require(HDF5_FOUND "parallel HDF5" libhdf5-openmpi-dev)

ntkflow_find_header_and_library(Random123 Random123/philox.h "" librandom123-dev)
ntkflow_find_header_and_library(xxHash xxhash.h xxhash libxxhash-dev)
find_library(SCALAPACK_LIBRARY scalapack-openmpi)
ntkflow_require(SCALAPACK_LIBRARY "ScaLAPACK" libscalapack-openmpi-dev)
target_link_libraries(ntkflow_dependencies INTERFACE ${SCALAPACK_LIBRARY})

# Optional: another dense eigensolver, for clusters of many nodes (Debian: libelpa-dev).
if(NTKFLOW_ELPA)
  find_path(ELPA_INCLUDE elpa/elpa.h PATH_SUFFIXES elpa)
  find_library(ELPA_LIBRARY elpa)
  if(ELPA_INCLUDE AND ELPA_LIBRARY)
    target_link_libraries(ntkflow_dependencies INTERFACE ${ELPA_LIBRARY})
    set_source_files_properties(src/linalg/elpa.cpp PROPERTIES
                                COMPILE_DEFINITIONS NTKFLOW_HAVE_ELPA
                                COMPILE_OPTIONS "-isystem;${ELPA_INCLUDE}")
  endif()
endif()
ntkflow_find_header_and_library(OpenBLAS cblas.h openblas libopenblas-dev)

target_include_directories(ntkflow_dependencies SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS})
target_link_libraries(ntkflow_dependencies INTERFACE ${HDF5_HL_LIBRARIES} ${HDF5_C_LIBRARIES}
                                                     Boost::program_options fmt::fmt
                                                     ZLIB::ZLIB Threads::Threads)
if(NTKFLOW_TESTS)
  find_package(GTest QUIET)
  ntkflow_require(GTest_FOUND "GoogleTest" libgtest-dev)
endif()
