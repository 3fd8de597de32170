# How every library, tool and unit test of the project is built.
include_guard()

set(INTAGLIO_SANITIZE "" CACHE STRING "Sanitizers for all of the project, as -fsanitize= takes them")

add_compile_options(-Wall -Wextra -Wno-unused-parameter -fno-exceptions -fvisibility-inlines-hidden)
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fno-rtti>)
add_link_options(-fuse-ld=lld)
if(INTAGLIO_SANITIZE)
  # vptr needs RTTI, which LLVM is built without.
  add_compile_options(-fsanitize=${INTAGLIO_SANITIZE} -fno-sanitize=vptr -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${INTAGLIO_SANITIZE})
endif()

# One precompiled header of upstream's headers serves every library that uses MLIR: they are most of the compile time.
add_library(IntaglioPCH OBJECT "${PROJECT_SOURCE_DIR}/cmake/pch.cpp")
target_precompile_headers(IntaglioPCH PRIVATE "${PROJECT_SOURCE_DIR}/cmake/pch.h")
target_compile_options(IntaglioPCH PRIVATE -Xclang -fno-pch-timestamp)

# intaglio_library(NAME [NO_MLIR] SOURCES ... [LINK ...] [DEPENDS ...]): a static library of the project.
function(intaglio_library name)
  cmake_parse_arguments(ARG "NO_MLIR" "" "SOURCES;LINK;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
  if(NOT ARG_NO_MLIR)
    target_precompile_headers(${name} REUSE_FROM IntaglioPCH)
    target_compile_options(${name} PRIVATE -Xclang -fno-pch-timestamp)
    target_link_libraries(${name} PUBLIC MLIR LLVM)
    add_dependencies(${name} intaglio-headers)
  endif()
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# intaglio_passes(NAME TITLE): the headers of the passes in the folder's Passes.td, in TableGen's group NAME, and their part of
# docs/Passes.md under TITLE. A macro, for TableGen's macros set variables.
macro(intaglio_passes name title)
  set(LLVM_TARGET_DEFINITIONS Passes.td)
  mlir_tablegen(Passes.h.inc -gen-pass-decls -name ${name})
  add_public_tablegen_target(${name}PassesIncGen)
  add_dependencies(intaglio-headers ${name}PassesIncGen)
  tablegen(MLIR Passes.md -gen-pass-doc)
  add_custom_target(${name}PassesDoc DEPENDS "${CMAKE_CURRENT_BINARY_DIR}/Passes.md")
  add_dependencies(intaglio-docs ${name}PassesDoc)
  file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/PassesTitle.md" CONTENT "\n## ${title}\n\n" @ONLY)
  set_property(GLOBAL APPEND PROPERTY INTAGLIO_PASS_DOCS
    "${CMAKE_CURRENT_BINARY_DIR}/PassesTitle.md" "${CMAKE_CURRENT_BINARY_DIR}/Passes.md")
endmacro()

# intaglio_tool(NAME SOURCES ... LINK ...): an executable in build/bin.
function(intaglio_tool name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
  # -fPIC in place of CMake's -fPIE: the precompiled header was made with it.
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_precompile_headers(${name} REUSE_FROM IntaglioPCH)
  target_compile_options(${name} PRIVATE -fPIC -Xclang -fno-pch-timestamp)
  target_link_libraries(${name} PRIVATE ${ARG_LINK} MLIR LLVM)
  add_dependencies(${name} intaglio-headers)
  set_property(GLOBAL APPEND PROPERTY INTAGLIO_TOOLS ${name})
  install(TARGETS ${name} RUNTIME DESTINATION bin COMPONENT ${name})
endfunction()

# intaglio_unittest(NAME SOURCES ... LINK ...): a GoogleTest program in build/unittests, run by lit (test/Unit).
function(intaglio_unittest name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  find_package(GTest REQUIRED)
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/unittests")
  target_compile_definitions(${name} PRIVATE "INTAGLIO_TEST_DIR=\"${PROJECT_SOURCE_DIR}/test\"")
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gtest GTest::gtest_main)
  set_property(GLOBAL APPEND PROPERTY INTAGLIO_UNITTESTS ${name})
endfunction()
