# Files of a target are compiled several at a time: what costs most is not to read a header but the functions that every
# file makes of it. A change then compiles the files beside it again. So what is a file's own must not have the name of
# something else in a file beside it.
option(SLUICE_TOGETHER "Compile several files of a target at a time" ON)
function(sluice_compile_together target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${SLUICE_TOGETHER} UNITY_BUILD_BATCH_SIZE 8)
endfunction()
