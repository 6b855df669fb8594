#include "geocell/call_context.hpp"

#include <string>

namespace geocell {

std::string advice_on_size(std::string_view smaller_form) {
  if (smaller_form.empty()) return "use a lower resolution or a smaller input";
  return "use a lower resolution, a smaller input, or " + std::string(smaller_form);
}

Error too_many_cells(const CallContext& context, std::string_view function, std::uint64_t count,
                     bool at_least) {
  return {ErrorCode::limit_exceeded,
          std::string(function) + " would return " + (at_least ? "at least " : "") + std::to_string(count) +
              " cells, more than the limit of " + std::to_string(context.max_cells) + "; " +
              advice_on_size(context.smaller_form)};
}

Error canceled() { return {ErrorCode::canceled, "canceled on request"}; }

}  // namespace geocell
