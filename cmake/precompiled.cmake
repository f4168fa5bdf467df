# What nearly every file includes and takes longest to read is read once: the standard library by the rooms, GoogleTest
# besides by the tests. A file includes what it uses all the same, as it must compile without, which the fuzz preset does.
option(SLUICE_PRECOMPILED "Read the commonest headers once" ON)

# Of both kinds of targets. ccache looks into a precompiled header only if the compiler leaves its name in what it has
# preprocessed. And g++ forgets which code of a precompiled header is the standard library's, where it does not warn:
# `"text" + std::string` (GCC bug 105651).
function(sluice_precompile_options target)
  target_compile_options(${target} PRIVATE
    $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess;-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread>)
endfunction()

# sluice_precompile(<target> <headers>…) makes the target that others take their precompiled headers from. It must be of
# their kind, as a library's code is compiled otherwise (-fPIC) than a program's (-fPIE).
function(sluice_precompile target)
  target_link_libraries(${target} PRIVATE sluice-warnings)
  if(SLUICE_PRECOMPILED)
    target_precompile_headers(${target} PRIVATE ${ARGN})
    sluice_precompile_options(${target})
  endif()
endfunction()

function(sluice_use_precompiled target from)
  if(SLUICE_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM ${from})
    sluice_precompile_options(${target})
  endif()
endfunction()

set(SLUICE_STANDARD_HEADERS
  <algorithm> <array> <charconv> <chrono> <functional> <map> <memory> <mutex> <optional> <span> <string>
  <string_view> <thread> <unordered_map> <utility> <vector>)

file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled/library.cpp CONTENT "")
add_library(sluice-precompiled OBJECT ${PROJECT_BINARY_DIR}/precompiled/library.cpp)
sluice_precompile(sluice-precompiled ${SLUICE_STANDARD_HEADERS})
