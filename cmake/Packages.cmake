# The Debian package of the extension, by CPack (scripts/deb.sh): postgresql-N-geocell, as Debian names extensions. It depends on
# that PostgreSQL and on the libraries that the extension is linked with (dpkg-shlibdeps finds them).
string(REGEX MATCH "^[0-9]+" PG_MAJOR "${PG_VERSION}")
set(CPACK_PACKAGE_NAME geocell)
set(CPACK_PACKAGE_VENDOR geocell)
set(CPACK_PACKAGE_CONTACT "geocell developers <geocell@users.noreply.github.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_COMPONENTS_ALL extension extension_doc)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_SET_DESTDIR ON)  # PostgreSQL's folders are absolute
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_NAME postgresql-${PG_MAJOR}-geocell)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_DEPENDS postgresql-${PG_MAJOR})
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS postgresql-${PG_MAJOR}-postgis-3)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "spatial-index functions for PostgreSQL
 Quadbin and S2 cells, and exact polygon polyfill, as the extensions geocell
 and geocell_postgis.")

set(DOC /usr/share/doc/${CPACK_DEBIAN_PACKAGE_NAME})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${DOC} RENAME copyright COMPONENT extension_doc EXCLUDE_FROM_ALL)
install(FILES ${PROJECT_SOURCE_DIR}/CHANGELOG.md ${PROJECT_SOURCE_DIR}/docs/postgresql.md DESTINATION ${DOC}
        COMPONENT extension_doc EXCLUDE_FROM_ALL)
include(CPack)
