# Compiler, sanitizer and warning options: the one place they are set.
option(GEOCELL_EXTENSION_ONLY "Build only what `make install` installs: the extension and its scripts" OFF)
option(GEOCELL_WERROR "Warnings are errors: for developers and automatic checks" OFF)
option(GEOCELL_BUILD_EXTENSION "Build the PostgreSQL extension" ON)
option(GEOCELL_BUILD_TESTS "Build the tests and the demo's tools" ON)
option(GEOCELL_BUILD_BENCH "Build the benchmarks" ON)
option(GEOCELL_LAMBDA_ONLY "Build only what the Lambda's zip contains, for cross-compiling" OFF)
option(GEOCELL_BUILD_FUZZERS "Build the libFuzzer targets (needs clang)" OFF)
set(GEOCELL_SANITIZE "" CACHE STRING "Value for -fsanitize=, e.g. address,undefined")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

# The options of all our targets. Third-party headers are included as SYSTEM and are exempt.
add_library(geocell_options INTERFACE)
# Includes are written from the repository's root; the public headers of the core as "geocell/…".
target_include_directories(geocell_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/core/include)
target_compile_options(geocell_options INTERFACE
  -Wall -Wextra -Wconversion $<$<BOOL:${GEOCELL_WERROR}>:-Werror>
  # GCC 12 sees an overlap in "literal" + std::string&& where there is none (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # Same bits on every machine: no contraction into FMA (DESIGN.md decision 9); -ffast-math is never used.
  -ffp-contract=off)
if(GEOCELL_SANITIZE)
  add_compile_options(-fsanitize=${GEOCELL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${GEOCELL_SANITIZE})
endif()
if(GEOCELL_BUILD_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)  # the core too: its coverage guides the fuzzers
endif()
