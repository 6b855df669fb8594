#include "gateway/plan/apply.hpp"

#include <algorithm>

namespace geocell::gateway {
namespace {

void undo(Context& context, const std::vector<const Step*>& done) {
  for (auto step = done.rbegin(); step != done.rend(); ++step) {
    const std::string name = std::string(to_text((*step)->action)) + " " + (*step)->object;
    if (!(*step)->undo) {
      context.console.warn("cannot be undone from here: " + name + " (" + (*step)->detail + ")");
      continue;
    }
    try {
      (*step)->undo();
      context.console.note("  undone: " + name);
    } catch (const Failure& failure) {
      context.console.warn("not undone: " + name + ": " + failure.what());
    }
  }
}

void record(const Planners& planners, bool is_last) {
  for (const auto& planner : planners) planner->record();
  if (!is_last) return;
  for (const auto& planner : planners) planner->end_run();
}

// What has been reached is written down even when the run ends here.
void record_quietly(const Context& context, const Planners& planners, bool is_last) {
  try {
    record(planners, is_last);
  } catch (const Failure& failure) {
    context.console.warn(
        std::string("what was done could not be written into the registry; the next deploy makes it "
                    "again: ") +
        failure.what());
  }
}

bool wants_undo(Context& context, OnFailure on_failure) {
  if (on_failure != OnFailure::ask) return on_failure == OnFailure::undo;
  return context.console.can_ask() &&
         context.console.confirm("Undo what this run has done?", false, "--on-failure undo or keep");
}

}  // namespace

bool apply(Context& context, const Planners& planners, Plan& plan, OnFailure on_failure) {
  std::vector<const Step*> done;
  const std::string total = std::to_string(plan.steps.size());
  constexpr std::string_view kMarks = "+~-";
  for (auto& step : plan.steps) {
    const std::string number = std::to_string(done.size() + 1);
    context.console.note("[" + std::string(total.size() - number.size(), ' ') + number + "/" + total + "] " +
                         kMarks[static_cast<std::size_t>(step.action)] + " " + step.object);
    try {
      step.apply();
      done.push_back(&step);
    } catch (const Failure& failure) {
      context.console.note("✗ " + std::string(to_text(step.action)) + " " + step.object + ": " +
                           failure.what());
      record_quietly(context, planners, false);
      context.console.note("✗ Done before it: " + std::to_string(done.size()) + " of " + total + " steps.");
      for (const auto* earlier : done) {
        context.console.note("    " + std::string(to_text(earlier->action)) + " " + earlier->object);
      }
      const bool is_taken_over =
          std::ranges::any_of(planners, [](const auto& p) { return p->is_taken_over(); });
      if (!done.empty() && !is_taken_over && wants_undo(context, on_failure)) {
        undo(context, done);
      } else if (!done.empty()) {
        context.console.note(
            "What was done is kept; run the same command again to go on from there, or "
            "`geocell remove` to take it away.");
      }
      record_quietly(context, planners, true);
      return false;
    }
  }
  record(planners, /*is_last*/ true);
  return true;
}

}  // namespace geocell::gateway
