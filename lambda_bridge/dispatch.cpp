#include "dispatch.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "geocell/functions.hpp"
#include "geocell/workspace.hpp"

namespace geocell::bridge {
namespace {

// Reads one argument of a row and keeps what it owns until the call is done.
template <class T>
struct Slot {
  typename Argument<T>::Stored stored{};

  // False: the row's value is NULL, or `error` says what is wrong.
  bool read(std::span<const Element> arguments, std::size_t index, std::optional<Error>& error) {
    if (arguments[index].is_null()) return false;
    auto value = Argument<T>::read(arguments[index]);
    if (!value) {
      error = std::move(value.error());
      return false;
    }
    stored = std::move(*value);
    return true;
  }
  const typename Argument<T>::Stored& value() const { return stored; }
};

template <class T>
struct Slot<std::optional<T>> {
  Slot<T> slot;
  bool given = false;

  bool read(std::span<const Element> arguments, std::size_t index, std::optional<Error>& error) {
    given = index < arguments.size();
    return !given || slot.read(arguments, index, error);
  }
  std::optional<T> value() const { return given ? std::optional<T>(slot.value()) : std::nullopt; }
};

template <class T>
struct Slot<Nullable<T>> {
  Slot<T> slot;
  bool given = false;

  bool read(std::span<const Element> arguments, std::size_t index, std::optional<Error>& error) {
    given = slot.read(arguments, index, error);
    return !error;
  }
  Nullable<T> value() const { return {given ? std::optional<T>(slot.value()) : std::nullopt}; }
};

template <auto F, class... Args, std::size_t... I>
Result<void> call_typed([[maybe_unused]] const CallContext& context,
                        [[maybe_unused]] std::span<const Element> arguments, std::string& out,
                        std::type_identity<std::tuple<Args...>>, std::index_sequence<I...>) {
  using S = Signature<decltype(F)>;
  [[maybe_unused]] std::tuple<Slot<Args>...> slots;
  std::optional<Error> error;
  if (!(std::get<I>(slots).read(arguments, I, error) && ...)) {
    if (error) return std::move(*error);
    out += "null";
    return {};
  }
  auto result = [&] {
    if constexpr (S::takes_context) {
      return F(context, std::get<I>(slots).value()...);
    } else {
      return F(std::get<I>(slots).value()...);
    }
  }();
  if constexpr (std::is_same_v<typename S::Value, CellStream>) {
    if (!result) return std::move(result.error());
    return append_value(out, *result, context);
  } else if constexpr (S::can_fail) {
    if (!result) return std::move(result.error());
    append_value(out, *result);
  } else {
    append_value(out, result);
  }
  return {};
}

template <auto F>
Result<void> call(const CallContext& context, std::span<const Element> arguments, std::string& out) {
  using Arguments = typename Signature<decltype(F)>::Arguments;
  return call_typed<F>(context, arguments, out, std::type_identity<Arguments>{},
                       std::make_index_sequence<std::tuple_size_v<Arguments>>{});
}

template <auto F>
Function describe_function(std::string_view name) {
  const FunctionInfo info = function_info<F>(name);
  const auto is_optional = [](const ArgumentInfo& argument) { return argument.optional; };
  const auto optional = static_cast<std::size_t>(std::ranges::count_if(info.arguments, is_optional));
  const bool takes_geometry = std::ranges::any_of(
      info.arguments, [](const ArgumentInfo& argument) { return argument.type == "geometry"; });
  return {name, info.arguments.size() - optional, info.arguments.size(),
          takes_geometry && info.result_type.ends_with("[]"), &call<F>};
}

constexpr std::size_t kMaxArguments = 8;

const std::unordered_map<std::string_view, Function>& table() {
  static const std::unordered_map<std::string_view, Function> functions = [] {
    std::unordered_map<std::string_view, Function> map;
#define GEOCELL_DISPATCH(sql_name, callable) map.emplace(#sql_name, describe_function<&callable>(#sql_name));
    GEOCELL_FUNCTIONS(GEOCELL_DISPATCH)
#undef GEOCELL_DISPATCH
    return map;
  }();
  return functions;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// Stops the core when the invocation's deadline is near.
struct Deadline {
  std::optional<std::chrono::system_clock::time_point> stop_at;
  bool passed() const { return stop_at && std::chrono::system_clock::now() >= *stop_at; }
  static bool poll(void* self) { return static_cast<const Deadline*>(self)->passed(); }
};

void append_key(std::string& key, std::span<const Element> arguments) {
  for (const Element argument : arguments) {
    std::string_view text;
    if (argument.get(text) == simdjson::SUCCESS) {
      append_number(key, text.size());
      key += ':';
      key += text;
    } else {
      key += simdjson::minify(argument);
    }
    key += ',';
  }
}

std::string row_error_value(std::size_t row, const Error& error) {
  std::string json = "{\"error\": ";
  append_json_string(json, error.message);
  json += ", \"row_index\": " + std::to_string(row) + ", \"type\": \"" +
          std::string(error_code_info(error.code).name) + "\"}";
  std::string value;
  append_json_string(value, json);
  return value;
}

class BatchRun {
 public:
  BatchRun(const Function& function, const BatchOptions& options, Values& values)
      : function_(function), options_(options), values_(values) {
    if (options.deadline) deadline_.stop_at = *options.deadline - options.limits.deadline_margin;
    context_.cancelled = &Deadline::poll;
    context_.cancelled_data = &deadline_;
    // A cell takes at least two bytes of text: a bound on the work, the bytes themselves are checked below.
    context_.max_cells = options.limits.max_value_bytes / 2;
    context_.workspace = &workspace_;
  }

  // The error that fails the batch, or none.
  std::optional<std::string> add_row(std::span<const Element> arguments) {
    const std::size_t row = values_.size();
    Result<void> done = compute(arguments);
    if (done && values_.text().size() - values_.row_begin() > options_.limits.max_value_bytes + 2) {
      done = value_too_long();
    }
    if (!done) {
      values_.drop_open_row();
      switch (options_.row_errors) {
        case RowErrors::fail:
          return "Error processing row " + std::to_string(row) + ": " + done.error().message;
        case RowErrors::as_null:
          values_.text() += "null";
          break;
        case RowErrors::as_value:
          values_.text() += row_error_value(row, done.error());
          break;
      }
    }
    if (!repeated_) values_.end_row();
    // Each value takes a separator too. Stop as soon as the batch cannot be sent, not after it has filled the
    // memory.
    if (values_.text().size() + values_.size() > options_.limits.max_response_bytes)
      return response_too_long(row);
    return std::nullopt;
  }

 private:
  Result<void> compute(std::span<const Element> arguments) {
    repeated_ = false;
    if (arguments.size() < function_.min_arguments || arguments.size() > function_.max_arguments) {
      return wrong_arity(arguments.size());
    }
    // Looked at between rows too, since many rows may be quick each.
    if ((values_.size() & 63) == 0 && deadline_.passed()) return past_deadline();
    if (function_.repeats_pay) {
      key_.clear();
      append_key(key_, arguments);
      const auto [known, is_new] = rows_by_key_.try_emplace(key_, values_.size());
      if (!is_new) {
        values_.repeat_row(known->second);
        repeated_ = true;
        return {};
      }
    }
    auto done = function_.call(context_, arguments, values_.text());
    if (!done && done.error().code == ErrorCode::canceled) return past_deadline();
    return done;
  }

  Error wrong_arity(std::size_t given) const {
    std::string wanted = std::to_string(function_.min_arguments);
    if (function_.max_arguments != function_.min_arguments) {
      wanted += " to " + std::to_string(function_.max_arguments);
    }
    return {ErrorCode::invalid_parameter, "Invalid number of arguments \"" + std::to_string(given) + "\"; " +
                                              std::string(function_.name) + " takes " + wanted};
  }

  static Error past_deadline() {
    return {ErrorCode::canceled,
            "The Lambda function's timeout is near and the batch is not done; use a smaller MAX_BATCH_ROWS, "
            "a lower "
            "resolution, or a longer timeout"};
  }

  std::string response_too_long(std::size_t row) const {
    return "Batch processing error: the values of rows 0 to " + std::to_string(row) + " take " +
           std::to_string(values_.text().size() + values_.size()) + " bytes, more than the limit of " +
           std::to_string(options_.limits.max_response_bytes) + " bytes of a Lambda response (row " +
           std::to_string(row) + " alone " + std::to_string(values_[row].size()) +
           " bytes); use a smaller MAX_BATCH_ROWS or a lower resolution";
  }

  Error value_too_long() const {
    const std::size_t bytes = values_.text().size() - values_.row_begin() - 2;  // without its quotes
    return {
        ErrorCode::limit_exceeded,
        std::string(function_.name) + " gives a value of " + std::to_string(bytes) +
            " bytes, more than the limit of " + std::to_string(options_.limits.max_value_bytes) +
            " bytes of one VARCHAR; use a lower resolution or a smaller input, or turn on large strings in "
            "Redshift and raise the limit"};
  }

  const Function& function_;
  const BatchOptions& options_;
  Values& values_;
  Deadline deadline_;
  Workspace workspace_;
  CallContext context_;
  bool repeated_ = false;
  std::string key_;
  std::unordered_map<std::string, std::size_t> rows_by_key_;
};

}  // namespace

const Function* find_function(std::string_view name) {
  const std::string lower = lower_case(name.substr(name.rfind('.') + 1));
  std::string_view rest = lower;
  const auto find = [](std::string_view candidate) -> const Function* {
    const auto found = table().find(candidate);
    return found == table().end() ? nullptr : &found->second;
  };
  if (const Function* function = find(rest)) return function;
  if (rest.starts_with("__")) rest.remove_prefix(2);
  if (const Function* function = find(rest)) return function;
  const std::size_t suffix = rest.find_last_not_of("0123456789");
  if (suffix != std::string_view::npos && suffix + 1 < rest.size() && rest[suffix] == '_') {
    return find(rest.substr(0, suffix));
  }
  return nullptr;
}

std::optional<std::string> run_batch(const Batch& batch, const BatchOptions& options, Values& values) {
  values.clear();
  const Function* function = find_function(batch.function);
  if (function == nullptr) {
    return "Batch processing error: Invalid function " + quoted_excerpt(batch.function) +
           "; should be a function of geocell " + version();
  }
  BatchRun run(*function, options, values);
  if (!batch.arguments) {
    for (std::size_t row = 0; row < batch.num_records; ++row) {
      if (auto error = run.add_row({})) return error;
    }
    return std::nullopt;
  }
  std::array<Element, kMaxArguments> buffer;
  for (const Element row : *batch.arguments) {
    if (row.is_null()) {  // a whole row may be null
      values.text() += "null";
      values.end_row();
      continue;
    }
    std::size_t count = 0;
    simdjson::dom::array arguments;
    if (row.get(arguments) == simdjson::SUCCESS) {
      for (const Element argument : arguments) {
        if (count < buffer.size()) buffer[count] = argument;
        ++count;
      }
    } else {
      buffer[count++] = row;  // a one-argument function may get the bare value
    }
    const std::size_t kept = std::min(count, buffer.size());
    if (auto error = run.add_row(std::span<const Element>(buffer.data(), kept))) return error;
  }
  return std::nullopt;
}

}  // namespace geocell::bridge
