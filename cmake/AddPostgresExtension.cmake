# add_postgres_extension(<name> SOURCES <file>... LIBRARIES <target>... FILES <control and script file>...
#                        TEST_FILES <file>...)
#
# Builds the loadable library <name>.so for the PostgreSQL that PG_CONFIG names (cache variable, else environment, else
# the pg_config on the path), and gives install rules with PostgreSQL's own absolute folders: component `extension`, and
# `extension_test` for what only tests install. DESTDIR=... is honoured as PGXS does.
set(PG_CONFIG "$ENV{PG_CONFIG}" CACHE FILEPATH "The pg_config of the PostgreSQL to build for and install into")
if(NOT PG_CONFIG)
  unset(PG_CONFIG CACHE)
  find_program(PG_CONFIG pg_config REQUIRED)
endif()

function(geocell_pg_config variable option)
  execute_process(COMMAND ${PG_CONFIG} --${option} OUTPUT_VARIABLE value OUTPUT_STRIP_TRAILING_WHITESPACE
                  COMMAND_ERROR_IS_FATAL ANY)
  set(${variable} "${value}" PARENT_SCOPE)
endfunction()
geocell_pg_config(PG_INCLUDEDIR_SERVER includedir-server)
geocell_pg_config(PG_INCLUDEDIR includedir)
geocell_pg_config(PG_LIBDIR libdir)
geocell_pg_config(PG_PKGLIBDIR pkglibdir)
geocell_pg_config(PG_SHAREDIR sharedir)
geocell_pg_config(PG_PGXS pgxs)
geocell_pg_config(PG_BINDIR bindir)
geocell_pg_config(PG_VERSION_TEXT version)  # "PostgreSQL 15.20 (Debian …)"
string(REGEX MATCH "[0-9][0-9.]*" PG_VERSION "${PG_VERSION_TEXT}")

function(add_postgres_extension name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES;FILES;TEST_FILES")
  add_library(${name}_extension MODULE ${arg_SOURCES})
  set_target_properties(${name}_extension PROPERTIES OUTPUT_NAME ${name} PREFIX "")
  # SYSTEM: the server's headers use `register`, which C++17 removed, and their warnings are not ours to fix.
  target_include_directories(${name}_extension SYSTEM PRIVATE ${PG_INCLUDEDIR_SERVER})
  target_link_libraries(${name}_extension PRIVATE ${arg_LIBRARIES})
  install(TARGETS ${name}_extension LIBRARY DESTINATION ${PG_PKGLIBDIR} COMPONENT extension)
  install(FILES ${arg_FILES} DESTINATION ${PG_SHAREDIR}/extension COMPONENT extension)
  install(FILES ${arg_TEST_FILES} DESTINATION ${PG_SHAREDIR}/extension COMPONENT extension_test EXCLUDE_FROM_ALL)
endfunction()
