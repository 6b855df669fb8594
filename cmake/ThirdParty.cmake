# geocell_third_party(<name>...): makes the target third_party_<name> for each library that is not ours, looked for when the
# first room asks for it: a cross-compiled Lambda needs few of them. Names are those of cmake/rooms.txt.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)

function(geocell_third_party)
  foreach(name ${ARGN})
    if(TARGET third_party_${name})
      continue()
    endif()
    add_library(third_party_${name} INTERFACE IMPORTED GLOBAL)
    if(COMMAND geocell_find_${name})
      cmake_language(CALL geocell_find_${name} third_party_${name})
    else()
      message(FATAL_ERROR "cmake/ThirdParty.cmake does not know ${name}")
    endif()
  endforeach()
endfunction()

# Debian's pkg-config modules and CMake packages, by one line each.
macro(geocell_by_pkg_config name module)
  function(geocell_find_${name} target)
    find_package(PkgConfig REQUIRED)
    pkg_check_modules(PC_${name} REQUIRED IMPORTED_TARGET GLOBAL ${module})
    target_link_libraries(${target} INTERFACE PkgConfig::PC_${name})
  endfunction()
endmacro()
macro(geocell_by_package name package library)
  function(geocell_find_${name} target)
    find_package(${package} REQUIRED)
    target_link_libraries(${target} INTERFACE ${library})
  endfunction()
endmacro()

geocell_by_pkg_config(archive libarchive)
geocell_by_pkg_config(crypto libcrypto)
geocell_by_pkg_config(elf libelf)
geocell_by_pkg_config(geos geos)
geocell_by_pkg_config(gmp gmpxx)
geocell_by_pkg_config(libpq libpq)
geocell_by_package(benchmark benchmark benchmark::benchmark)
geocell_by_package(cli11 CLI11 CLI11::CLI11)
geocell_by_package(gtest GTest GTest::gtest)
geocell_by_package(nlohmann nlohmann_json nlohmann_json::nlohmann_json)
geocell_by_package(simdjson simdjson simdjson::simdjson)
geocell_by_package(threads Threads Threads::Threads)
geocell_by_package(yaml yaml-cpp yaml-cpp)

# The server's headers, of the PostgreSQL that PG_CONFIG names (cmake/AddPostgresExtension.cmake).
function(geocell_find_postgres target)
  target_include_directories(${target} SYSTEM INTERFACE ${PG_INCLUDEDIR_SERVER})
endfunction()

function(geocell_find_httplib target)
  find_library(HTTPLIB_LIBRARY cpp-httplib REQUIRED)
  geocell_third_party(threads)
  target_link_libraries(${target} INTERFACE ${HTTPLIB_LIBRARY} third_party_threads)
endfunction()

function(geocell_find_s2 target)
  find_library(S2_LIBRARY s2 REQUIRED)
  # s2's headers call it from inline code, which stays a call without optimisation (debug, sanitizers).
  find_library(ABSL_LOGGING_LIBRARY absl_raw_logging_internal REQUIRED)
  target_link_libraries(${target} INTERFACE ${S2_LIBRARY} ${ABSL_LOGGING_LIBRARY})
  # Abseil's containers, which s2geometry's headers share with its library, have another layout where AddressSanitizer
  # announces itself; the library was built without. The code is instrumented all the same.
  target_compile_options(${target} INTERFACE -U__SANITIZE_ADDRESS__)
endfunction()
