# What a build with sanitizers needs beside their options. CMakePresets.json names the suppressions.
if(SLUICE_SANITIZE MATCHES thread)
  add_library(sluice-c11_threads OBJECT cmake/sanitizers/c11_threads.cpp)
  target_link_libraries(sluice-c11_threads PRIVATE sluice-warnings)
  # Objects, not a library: whoever links librdkafka must find these before glibc's.
  target_link_libraries(PkgConfig::rdkafka INTERFACE $<TARGET_OBJECTS:sluice-c11_threads>)
endif()
