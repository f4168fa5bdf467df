# sluice_embed(<folder> <output.cpp> <files>…) makes a source that holds the files of the folder as they are: the
# definition of sluice::engine::web_page_files() (admin/web_page.hpp). Run as a script, this file writes it.
function(sluice_embed folder output)
  list(TRANSFORM ARGN PREPEND ${folder}/ OUTPUT_VARIABLE sources)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D FOLDER=${folder} -D OUTPUT=${output} -D "FILES=${ARGN}" -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${sources} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    COMMENT "Embedding ${folder}"
    VERBATIM)
endfunction()

if(NOT CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  return()
endif()

set(entries "")
foreach(name IN LISTS FILES)
  file(READ ${FOLDER}/${name} text)
  string(SHA256 hash "${text}")
  string(SUBSTRING ${hash} 0 16 hash)
  string(APPEND entries "    {\"${name}\", R\"(\"${hash}\")\", R\"embedded(${text})embedded\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made by cmake/embed.cmake.
#include <array>

#include \"admin/web_page.hpp\"

namespace sluice::engine {

std::span<const WebPageFile> web_page_files() {
  static constexpr auto files = std::to_array<WebPageFile>({
${entries}  });
  return files;
}

}  // namespace sluice::engine
")
