#include "mongodb/reply.hpp"

#include <algorithm>

#include "mongodb/errors.hpp"

namespace sluice::engine::mongodb {
namespace {

std::int64_t count_of(bson::View reply, std::string_view name) noexcept {
  const bson::Value value = reply.find(name);
  if (const auto whole = value.as_int64()) return *whole;
  return static_cast<std::int64_t>(value.as_double().value_or(0));
}

Failure failure_of(bson::View error) {
  Failure failure;
  failure.code = static_cast<std::int32_t>(count_of(error, "code"));
  failure.message = error.find("errmsg").as_text().value_or("without a message");
  return failure;
}

// Marks the statements that a list of the reply names.
template <class Mark>
void each_listed(bson::View reply, std::string_view list, std::size_t count, const Mark& mark) {
  const auto entries = reply.find(list).as_document();
  if (!entries) return;
  for (const bson::Element& entry : *entries) {
    const auto view = entry.value.as_document();
    if (!view) continue;
    const std::int64_t index = count_of(*view, "index");
    if (index >= 0 && static_cast<std::size_t>(index) < count) mark(static_cast<std::size_t>(index), *view);
  }
}

// Those that no list names: upserts did something for certain, as they have no other way to succeed; the rest
// did if the total says that all did.
void settle_unlisted(std::span<const Form> forms, std::span<Answer> answers, std::int64_t total) {
  std::int64_t certain = 0;
  std::int64_t open = 0;
  for (std::size_t i = 0; i < forms.size(); ++i) {
    if (answers[i].proof != Proof::perhaps) continue;
    ++(forms[i] == Form::upsert || forms[i] == Form::insert ? certain : open);
  }
  const bool consistent = total >= certain && total <= certain + open;
  const Proof of_open = !consistent               ? Proof::unknown
                        : total == certain + open ? Proof::done
                        : total == certain        ? Proof::not_done
                                                  : Proof::perhaps;
  for (std::size_t i = 0; i < forms.size(); ++i) {
    if (answers[i].proof != Proof::perhaps) continue;
    const bool surely = forms[i] == Form::upsert || forms[i] == Form::insert;
    answers[i].proof = !consistent ? Proof::unknown : surely ? Proof::done : of_open;
  }
}

}  // namespace

Answer answer_of(bson::View error) {
  const Failure failure = failure_of(error);
  switch (fault_of(failure)) {
    case Fault::duplicate:
      return {Proof::not_done, of_another_index(error) ? Objection::taken : Objection::none,
              describe(failure)};
    case Fault::document:
      return {Proof::not_done, Objection::refused, describe(failure)};
    // A server that names the statement found fault with it: one bad statement must not be tried for ever.
    case Fault::unknown:
      return {Proof::not_done, Objection::refused, describe(failure)};
    case Fault::fatal:
      return {Proof::fatal, Objection::none, describe(failure)};
    case Fault::transient:
    case Fault::closed:
      break;
  }
  return {Proof::again, Objection::none, describe(failure)};
}

bool of_another_index(bson::View write_error) noexcept {
  if (const auto pattern = write_error.find("keyPattern").as_document())
    return std::any_of(pattern->begin(), pattern->end(),
                       [](const bson::Element& key) { return key.name != "_id"; });
  // "E11000 duplicate key error collection: db.users index: email_1 dup key: { email: … }"
  constexpr std::string_view before = "index: ";
  const std::string_view message = write_error.find("errmsg").as_text().value_or("");
  const std::size_t at = message.find(before);
  if (at == std::string_view::npos) return false;
  const std::string_view rest = message.substr(at + before.size());
  const std::string_view name = rest.substr(0, rest.find(" dup key"));
  return name != "_id_" && !name.ends_with("$_id_");
}

void read_reply(bson::View reply, std::span<const Form> forms, std::span<Answer> answers) {
  std::fill(answers.begin(), answers.end(), Answer{Proof::perhaps});
  std::int64_t total = count_of(reply, "n");
  each_listed(reply, "upserted", forms.size(), [&](std::size_t i, bson::View) {
    answers[i].proof = Proof::done;
    --total;
  });
  each_listed(reply, "writeErrors", forms.size(),
              [&](std::size_t i, bson::View error) { answers[i] = answer_of(error); });
  settle_unlisted(forms, answers, total);

  const auto concern = reply.find("writeConcernError").as_document();
  if (!concern) return;
  const Failure failure = failure_of(*concern);
  const Proof lost = fault_of(failure) == Fault::fatal ? Proof::fatal : Proof::unknown;
  for (Answer& answer : answers)
    if (answer.proof == Proof::done || answer.proof == Proof::perhaps)
      answer = {lost, Objection::none, "the write concern was not met: " + describe(failure)};
}

}  // namespace sluice::engine::mongodb
