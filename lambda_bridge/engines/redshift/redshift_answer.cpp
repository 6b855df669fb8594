#include "lambda_bridge/engines/redshift/redshift_answer.hpp"

#include "lambda_bridge/engines/redshift/redshift_codec.hpp"

namespace geocell::bridge {

std::string answer_redshift(std::string request) {
  RedshiftCodec codec;
  Summary summary;
  return std::string(codec.answer(request, {}, summary));
}

}  // namespace geocell::bridge
