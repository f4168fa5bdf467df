#include "kafka/letter_reader.hpp"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <unordered_map>

#include "kafka/failure.hpp"
#include "kafka/letter_record.hpp"
#include "kafka/metadata.hpp"

namespace sluice::engine::kafka {
namespace {

constexpr milliseconds answer_bound{5'000};
constexpr milliseconds silence_bound{15'000};  // of brokers, while records are still to come
constexpr std::size_t at_a_time = 500;         // letters held in the second pass

}  // namespace

Result<LetterReader> LetterReader::make(std::string topic, const rd_kafka_conf_t& conf) {
  auto client = make_client(RD_KAFKA_CONSUMER, Conf(rd_kafka_conf_dup(&conf)), Code::dead_letters_fatal);
  if (!client) return client.error();
  rd_kafka_poll_set_consumer(client->get());
  return LetterReader(std::move(topic), std::move(*client));
}

Result<void> LetterReader::read(const std::function<bool(const DeadLetter&)>& each) {
  auto all = find_all();
  if (!all) return all.error();
  const std::span<Known> letters(*all);
  for (std::size_t at = 0; at < letters.size(); at += at_a_time) {
    const auto on = give(letters.subspan(at, std::min(at_a_time, letters.size() - at)), each);
    if (!on) return on.error();
    if (!*on) return {};
  }
  return {};
}

Result<LetterReader::Ranges> LetterReader::whole() {
  const TopicAnswer topic = ask_topic(*client_, topic_, answer_bound);
  if (topic.error != RD_KAFKA_RESP_ERR_NO_ERROR) return failure(topic.error);
  Ranges ranges;
  for (std::int32_t partition = 0; partition < topic.partitions; ++partition) {
    const EndsAnswer ends = ask_ends(*client_, topic_, partition, answer_bound);
    if (ends.error != RD_KAFKA_RESP_ERR_NO_ERROR) return failure(ends.error);
    ranges.emplace(partition, Range{ends.begin, ends.end});
  }
  return ranges;
}

// Oldest first: by the time of the first failure, as partitions have no order among them.
Result<std::vector<LetterReader::Known>> LetterReader::find_all() {
  const auto ranges = whole();
  if (!ranges) return ranges.error();
  std::unordered_map<std::string, std::size_t> numbers;  // of an id, in letters
  std::vector<Known> letters;
  const auto scanned = scan(*ranges, [&](const rd_kafka_message_t& message) {
    DeadLetter letter;
    if (!read_letter(message, letter)) return;
    const Place place{message.partition, message.offset};
    const auto [number, added] = numbers.emplace(letter.id(), letters.size());
    if (added) {
      letters.push_back({letter.failed_at, place, place, std::move(letter.unapplied), letter.failed_at});
      return;
    }
    Known& known = letters[number->second];
    add_unapplied(known.unapplied, letter.unapplied);
    known.last = place;
    known.failed_at = std::max(known.failed_at, letter.failed_at);
  });
  if (!scanned) return scanned.error();
  std::ranges::sort(letters, {}, [](const Known& known) {
    return std::tuple(known.first_failed_at, known.first.partition, known.first.offset);
  });
  return letters;
}

// False when no more are wanted.
Result<bool> LetterReader::give(std::span<Known> some, const std::function<bool(const DeadLetter&)>& each) {
  Ranges ranges;
  std::map<Place, DeadLetter> found;
  for (const Known& known : some) {
    const std::int64_t at = known.last.offset;
    const auto [range, added] = ranges.try_emplace(known.last.partition, Range{at, at + 1});
    range->second = {std::min(range->second.from, at), std::max(range->second.to, at + 1)};
    found.try_emplace(known.last);
  }
  const auto scanned = scan(ranges, [&](const rd_kafka_message_t& message) {
    const auto letter = found.find({message.partition, message.offset});
    if (letter != found.end() && !read_letter(message, letter->second)) found.erase(letter);
  });
  if (!scanned) return scanned.error();
  for (Known& known : some) {
    const auto letter = found.find(known.last);
    if (letter == found.end() || letter->second.pipeline.empty()) continue;  // deleted in the meantime
    letter->second.unapplied = std::move(known.unapplied);
    letter->second.failed_at = known.failed_at;
    if (!each(letter->second)) return false;
  }
  return true;
}

// Every record within the ranges, partition by partition in order. A partition is done at its range's end, or
// where the log ends.
Result<void> LetterReader::scan(Ranges ranges, const std::function<void(const rd_kafka_message_t&)>& each) {
  std::erase_if(ranges, [](const auto& range) { return range.second.from >= range.second.to; });
  if (ranges.empty()) return {};
  const PartitionList list = partition_list(static_cast<int>(ranges.size()));
  for (const auto& [partition, range] : ranges)
    rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), partition)->offset = range.from;
  if (const auto error = rd_kafka_assign(client_.get(), list.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return failure(error);

  while (!ranges.empty()) {
    const Message message(rd_kafka_consumer_poll(client_.get(), static_cast<int>(silence_bound.count())));
    if (!message) return failure(RD_KAFKA_RESP_ERR__TIMED_OUT);
    const auto range = ranges.find(message->partition);
    switch (message->err) {
      case RD_KAFKA_RESP_ERR_NO_ERROR:
        if (range == ranges.end()) break;
        if (message->offset < range->second.to) each(*message);
        if (message->offset + 1 >= range->second.to) ranges.erase(range);
        break;
      case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        if (range != ranges.end()) ranges.erase(range);
        break;
      default:
        if (gravity(message->err) == Gravity::fatal)
          return failure(message->err, rd_kafka_message_errstr(message.get()));
    }
  }
  return {};
}

Error LetterReader::failure(rd_kafka_resp_err_t error, std::string_view reason) const {
  return letters_error("reading the topic of dead letters \"" + topic_ + '"', error, reason);
}

}  // namespace sluice::engine::kafka
