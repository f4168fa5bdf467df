# sluice_plugin(<name> SOURCES … [LINKS …]) builds the plugin <name> into <build>/plugins/<name>.so.
#
# <name> is also the plugin's in SLUICE_PLUGIN: lower-case letters, digits and underscores. Everything but the
# entry is hidden, and what is missing at link time is an error here, not a refusal when the engine loads it.
function(sluice_plugin name)
  cmake_parse_arguments(PLUGIN "" "" "SOURCES;LINKS" ${ARGN})
  add_library(${name} MODULE ${PLUGIN_SOURCES})
  target_link_libraries(${name} PRIVATE sluice::sdk ${PLUGIN_LINKS})
  set_target_properties(${name} PROPERTIES
    PREFIX ""
    SUFFIX .so
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
  if(NOT SLUICE_SANITIZE)
    target_link_options(${name} PRIVATE -Wl,--no-undefined)
  endif()
endfunction()
