// The table that binds each SQL name to its callable. Adding a function: its core function, one line here,
// one YAML in sql/functions/<module>/. The build fails when they disagree.
#pragma once

#include "geocell/polyfill.hpp"
#include "geocell/quadbin.hpp"
#include "geocell/s2.hpp"
#include "geocell/signature.hpp"
#include "geocell/version.hpp"

// X(SQL name, callable in namespace geocell)
#define GEOCELL_FUNCTIONS(X)                             \
  X(version_core, version)                               \
  /* quadbin */                                          \
  X(quadbin_fromlonglat, quadbin::from_lng_lat)          \
  X(quadbin_fromgeogpoint, quadbin::from_point)          \
  X(quadbin_fromgeopoint, quadbin::from_point)           \
  X(quadbin_fromzxy, quadbin::from_zxy)                  \
  X(quadbin_tozxy, quadbin::to_zxy)                      \
  X(quadbin_fromquadkey, quadbin::from_quadkey)          \
  X(quadbin_toquadkey, quadbin::to_quadkey)              \
  X(quadbin_resolution, quadbin::resolution)             \
  X(quadbin_isvalid, quadbin::is_valid)                  \
  X(quadbin_toparent, quadbin::to_parent)                \
  X(quadbin_tochildren, quadbin::to_children)            \
  X(quadbin_tochildren_cells, quadbin::to_children)      \
  X(quadbin_sibling, quadbin::sibling)                   \
  X(quadbin_kring, quadbin::k_ring)                      \
  X(quadbin_kring_cells, quadbin::k_ring)                \
  X(quadbin_kring_distances, quadbin::k_ring_distances)  \
  X(quadbin_distance, quadbin::distance)                 \
  X(quadbin_bbox, quadbin::bbox)                         \
  X(quadbin_boundary, quadbin::boundary)                 \
  X(quadbin_center, quadbin::center)                     \
  X(quadbin_range, quadbin::range)                       \
  X(quadbin_area, quadbin::area_m2)                      \
  X(quadbin_compact, quadbin::compact)                   \
  X(quadbin_uncompact, quadbin::uncompact)               \
  X(quadbin_uncompact_cells, quadbin::uncompact)         \
  X(quadbin_polyfill, quadbin::polyfill)                 \
  X(quadbin_polyfill_cells, quadbin::polyfill_stream)    \
  X(quadbin_polyfill_count, quadbin::polyfill_count)     \
  X(quadbin_polyfill_compact, quadbin::polyfill_compact) \
  X(quadbin_polyfill_page, quadbin::polyfill_page)       \
  X(quadbin_polyfill_ranges, quadbin::polyfill_ranges)   \
  X(__quadbin_fromquadint, quadbin::from_quadint)        \
  X(__quadbin_int_tostring, quadbin::int_to_string)      \
  X(__quadbin_string_toint, quadbin::string_to_int)      \
  /* s2 */                                               \
  X(s2_fromlonglat, s2::from_lng_lat)                    \
  X(s2_fromgeogpoint, s2::from_point)                    \
  X(s2_totoken, s2::to_token)                            \
  X(s2_fromtoken, s2::from_token)                        \
  X(s2_touint64repr, s2::to_uint64_repr)                 \
  X(s2_fromuint64repr, s2::from_uint64_repr)             \
  X(s2_tohilbertquadkey, s2::to_hilbert_quadkey)         \
  X(s2_fromhilbertquadkey, s2::from_hilbert_quadkey)     \
  X(s2_resolution, s2::resolution)                       \
  X(s2_isvalid, s2::is_valid)                            \
  X(s2_toparent, s2::to_parent)                          \
  X(s2_tochildren, s2::to_children)                      \
  X(s2_tochildren_cells, s2::to_children)                \
  X(s2_boundary, s2::boundary)                           \
  X(s2_center, s2::center)                               \
  X(s2_range, s2::range)                                 \
  X(s2_polyfill_bbox, s2::polyfill_bbox)                 \
  X(s2_polyfill, s2::polyfill)                           \
  X(s2_polyfill_cells, s2::polyfill_stream)              \
  X(s2_polyfill_count, s2::polyfill_count)               \
  X(s2_polyfill_compact, s2::polyfill_compact)

namespace geocell {

// Every function of the table, in its order.
std::vector<FunctionInfo> functions();

}  // namespace geocell
