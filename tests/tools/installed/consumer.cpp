#include "ntkflow/base/digest.hpp"
#include "ntkflow/parallel/process_grid.hpp"

int main() {
  const bool links = ntkflow::digest("").size() == 32;
  const bool runs = ntkflow::near_square(7) == ntkflow::GridShape{2, 3};
  return links && runs ? 0 : 1;
}
