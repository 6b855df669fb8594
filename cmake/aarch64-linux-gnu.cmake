# Cross-compiles for arm64: Debian's cross compiler, with the libraries that scripts/arm64_sysroot.sh unpacks.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
get_filename_component(CMAKE_SYSROOT ${CMAKE_CURRENT_LIST_DIR}/../build/sysroot-arm64 ABSOLUTE)
# Its headers name themselves as they do on an arm64 machine: the folder of the build does not get into the zip.
# And no notes that GCC 10 changed how arm64 passes s2geometry's vectors: all of Debian 12 is built by GCC 12.
set(CMAKE_CXX_FLAGS_INIT "-fmacro-prefix-map=${CMAKE_SYSROOT}= -Wno-psabi")

# The cross compiler brings a C library of its own, the one of Debian 12.0, and looks there first; the sysroot has the one
# with the security updates since, and the zip carries that.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-B${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu -L${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu")

# Programs of this machine, everything else of the other.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
