// Names that go into SQL and AWS, checked before anything is sent.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace geocell::gateway {

inline constexpr std::size_t kIdentifierLimit = 127;  // Redshift: names and identifiers
inline constexpr std::size_t kPrefixLimit = 10;       // CARTO's limit, kept as a warning
inline constexpr std::size_t kLambdaNameLimit = 64;   // AWS Lambda: FunctionName
inline constexpr std::size_t kRoleNameLimit = 64;     // IAM: RoleName
inline constexpr std::size_t kSandboxNameLimit = 12;

// Throws Failure unless `value` is a letter or underscore, then letters, digits, underscores, at most 127.
// `variable` is the setting it came from.
void check_identifier(std::string_view type, std::string_view value, std::string_view variable);

// Throws Failure unless the prefix has only what Lambda names may have ([a-zA-Z0-9-_]).
void check_prefix(std::string_view prefix);

// prefix + name. Throws Failure above Lambda's limit of 64 characters.
std::string lambda_name(std::string_view prefix, std::string_view name);

// The prefix in PascalCase, the word "at" as "AT", and the suffix: carto-at- → CartoATLambdaExecutionRole.
// Throws Failure above IAM's limit of 64 characters.
std::string role_name(std::string_view prefix, std::string_view suffix);

// An STS session name: prefix + "deployer", '-' as '_', at most 64 characters.
std::string session_name(std::string_view prefix);

// Throws Failure unless it is a lower-case letter, then lower-case letters and digits, at most 12: it becomes
// part of a schema's, a Lambda's and a role's name.
void check_sandbox(std::string_view name);

}  // namespace geocell::gateway
