#include <malloc.h>

#include "app/command_line.hpp"

int main(int argc, char** argv) {
  // glibc raises these by itself to the largest block ever freed, and then keeps what one thread allocates
  // and another frees: 10 to 20 MB more at full load. Fixed, memory that is free goes back. Smaller ones cost
  // page faults: a fetch of Kafka is a megabyte.
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 20);
  return sluice::engine::run_command_line(argc, argv);
}
