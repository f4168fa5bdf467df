#include "decode/payload.hpp"

namespace sluice::engine {

std::string_view Payload::set(const Field& field) {
  document_.reset();
  json_ = field.text;
  const std::size_t first = field.text.find_first_not_of(" \t\r\n");
  if (field.kind != Field::Kind::text || first == std::string_view::npos || field.text[first] != '"')
    return *json_;
  std::string_view inner;
  if (unescaper_.open(field.text) && unescaper_.take_text(inner) && unescaper_.take_end()) json_ = inner;
  return *json_;
}

Result<bson::View> Payload::document() {
  if (document_) return *document_;
  if (!json_) return Error{Code::internal, "the payload was asked for without an event"};
  if (json_->empty()) return Error{Code::decode_empty, "the payload is empty"};
  if (DocumentForm* form = usual_.read(*json_)) document_ = form->document();
  if (document_) return *document_;

  auto document = reader_.read_plain(*json_);
  if (!document)
    return Error{document.error().code, "the payload cannot be read: " + document.error().message};
  document_ = *document;
  if (usual_.wants(*json_)) usual_.learn(DocumentForm::make(*json_, *document_, limits_));
  return *document_;
}

}  // namespace sluice::engine
