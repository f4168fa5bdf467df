# find_package(sluice-sdk) gives the target sluice::sdk and the function sluice_plugin().
include(${CMAKE_CURRENT_LIST_DIR}/sluice-sdk-targets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/sluice_plugin.cmake)
