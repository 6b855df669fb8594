#include "gateway/plan/apply.hpp"

#include <algorithm>
#include <array>

#include "gateway/settings/names.hpp"

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

// What has been reached is written down even when the way ends here.
void record_quietly(Context& context, bool is_last) {
  try {
    record(context);
    if (is_last) end_run(context);
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

struct KnownAnswer {
  std::string_view function;
  std::string_view call;
  std::string_view answer;
};
// Values that CARTO publishes.
constexpr std::array kKnownAnswers = {
    KnownAnswer{"quadbin_fromlonglat", "quadbin_fromlonglat(-3.7038, 40.4168, 4)", "5207251884775047167"},
    KnownAnswer{"s2_fromlonglat", "s2_fromlonglat(-3.7038, 40.4168, 8)", "955378847514099712"},
    KnownAnswer{"quadbin_toquadkey", "quadbin_toquadkey(5234261499580514303)", "0331110121"},
    KnownAnswer{"s2_totoken", "s2_totoken(955378847514099712)", "0d423"},
};

}  // namespace

bool apply(Context& context, Plan& plan, OnFailure on_failure) {
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
      record_quietly(context, false);
      context.console.note("✗ Done before it: " + std::to_string(done.size()) + " of " + total + " steps.");
      for (const auto* earlier : done) {
        context.console.note("    " + std::string(to_text(earlier->action)) + " " + earlier->object);
      }
      if (!done.empty() && !is_taken_over(context) && wants_undo(context, on_failure)) {
        undo(context, done);
      } else if (!done.empty()) {
        context.console.note(
            "What was done is kept; run the same command again to go on from there, or "
            "`geocell remove` to take it away.");
      }
      record_quietly(context, true);
      return false;
    }
  }
  record(context);
  end_run(context);
  return true;
}

std::optional<std::string> verify(Context& context, const Deployment& deployment) {
  const auto known = std::ranges::find_if(kKnownAnswers, [&](const KnownAnswer& candidate) {
    return std::ranges::find(deployment.functions, candidate.function, &sql::Function::name) !=
           deployment.functions.end();
  });
  if (known == kKnownAnswers.end()) return std::nullopt;
  const std::string call = deployment.schema + "." + std::string(known->call);
  const std::string answer = context.database->value("SELECT " + quote_identifier(deployment.schema) + "." +
                                                     std::string(known->call));
  if (answer != known->answer) {
    throw Failure("verification: " + call + " gives " + answer + "; should be " + std::string(known->answer));
  }
  return call + " = " + answer;
}

}  // namespace geocell::gateway
