// Rows that lack a fact, one for each value of PLANTED; 0 is right. CMakeLists.txt compiles each and expects
// the compiler to refuse all but the first, with the sentence that says what to add.
#include "geocell/function_info.hpp"

namespace geocell {

Result<CellRuns> cells(const CallContext&, std::int64_t, std::int32_t);
Result<std::int64_t> one_cell(std::int64_t, std::int32_t);
double estimate(std::int64_t, std::int32_t);
double other_estimate(std::int64_t, std::optional<std::int32_t>);
double foreign_estimate(std::span<const std::int64_t>, std::int32_t);
bool nine(std::int32_t, std::int32_t, std::int32_t, std::int32_t, std::int32_t, std::int32_t, std::int32_t,
          std::int32_t, std::int32_t);

#if PLANTED == 0
constexpr auto kFacts = facts_of<&cells>(facts::rows(&estimate), facts::no_smaller_form);
constexpr auto kNoneNeeded = facts_of<&one_cell>();
#elif PLANTED == 1
constexpr auto kFacts = facts_of<&cells>(facts::no_smaller_form);
#elif PLANTED == 2
constexpr auto kFacts = facts_of<&cells>(facts::one_row);
#elif PLANTED == 3
constexpr auto kFacts = facts_of<&cells>(facts::rows(&foreign_estimate), facts::no_smaller_form);
#elif PLANTED == 4
constexpr auto kFacts = facts_of<&one_cell>(facts::rows(&estimate));
#elif PLANTED == 5
constexpr auto kFacts = facts_of<&nine>();
#endif

}  // namespace geocell
