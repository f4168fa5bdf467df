# A folder is a room: one target, its own include root, explicit dependencies.
#
# Headers are included as "room/header.hpp". Each room's include directory is a folder of the build
# tree that holds one symbolic link, to that room alone, so an include of a room that is not linked
# does not compile.

function(sluice_room_includes target room scope)
  set(root ${PROJECT_BINARY_DIR}/rooms/${room})
  file(MAKE_DIRECTORY ${root})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${root}/${room} SYMBOLIC)
  target_include_directories(${target} ${scope} ${root})
endfunction()

# sluice_room(<room> SOURCES … [USES rooms and libraries that its headers need] [HIDES those that only its sources need])
# makes the static library sluice-<room>.
function(sluice_room room)
  cmake_parse_arguments(R "" "" "SOURCES;USES;HIDES" ${ARGN})
  set(target sluice-${room})
  if(R_SOURCES)
    add_library(${target} STATIC ${R_SOURCES})
    sluice_room_includes(${target} ${room} PUBLIC)
    target_link_libraries(${target} PUBLIC ${R_USES} PRIVATE ${R_HIDES} sluice-warnings)
    sluice_use_precompiled(${target} sluice-precompiled)
    sluice_compile_together(${target})
  else()
    add_library(${target} INTERFACE)
    sluice_room_includes(${target} ${room} INTERFACE)
    target_link_libraries(${target} INTERFACE ${R_USES})
  endif()
endfunction()
