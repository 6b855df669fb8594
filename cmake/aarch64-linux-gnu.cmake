# Cross-compiles for arm64: Debian's cross compiler, with the libraries that scripts/arm64_sysroot.sh unpacks.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
get_filename_component(CMAKE_SYSROOT ${CMAKE_CURRENT_LIST_DIR}/../build/sysroot-arm64 ABSOLUTE)
# Headers have the same names as on an arm64 machine, so that the path of the build folder does not get into the zip.
# -Wno-psabi: no notes that GCC 10 changed how arm64 passes s2geometry's vectors; all of Debian 12 is built with GCC 12.
set(CMAKE_CXX_FLAGS_INIT "-fmacro-prefix-map=${CMAKE_SYSROOT}= -Wno-psabi")

# The cross compiler has its own C library, that of Debian 12.0, and searches there first; the sysroot has the one with
# the security updates since then, which is the one in the zip.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-B${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu -L${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu")

# Programs from this machine, everything else from the sysroot.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
