// The forms that texts usually have: learned from those that come, to read the next ones without looking for
// JSON in them. A text of no known form is read strictly by whoever owns this, who then says what it was;
// only the strict reading says what is wrong with a text.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "decode/forms/stencil.hpp"

namespace sluice::engine {

// A Form has a `stencil`, and whatever the values are put into. One thread at a time.
template <class Form>
class UsualForms {
 public:
  // Keeps that many forms at most, and reads texts of up to that many bytes, and 64 KiB at most: each form
  // has memory for the longest that it has read.
  UsualForms(std::size_t most, std::size_t longest)
      : most_(most), longest_(std::min(longest, longest_read)) {}

  // The form whose stencil has read the text, valid until the next learn(); or null.
  [[nodiscard]] Form* read(std::string_view text) {
    if (misfits_ == patience || text.size() > longest_) return nullptr;
    for (std::size_t i = 0; i < known_.size(); ++i) {
      if (!known_[i].form->stencil.read(text)) continue;
      misfits_ = 0;
      known_[i].fitted = true;
      Form* const form = known_[i].form.get();
      if (i > 0) std::swap(known_[i], known_[i - 1]);  // what comes often is soon tried first
      return form;
    }
    ++misfits_;
    return nullptr;
  }

  // Whether a text of no known form, which was read strictly and is sound, shall be learned from. Learning
  // costs several times what reading does: while it teaches nothing, more and more texts are let pass.
  [[nodiscard]] bool wants(std::string_view text) { return text.size() <= longest_ && ++passed_ > pause_; }

  // What the text was, or null if it has nothing that could come again. Only after wants().
  void learn(std::unique_ptr<Form> form) {
    const bool nothing_open =
        std::all_of(known_.begin(), known_.end(), [](const Known& k) { return k.confirmed; });
    bool taught = false;
    if (Known* const alike = form ? find_alike(*form) : nullptr; alike != nullptr) {
      form->stencil.vary_as(alike->form->stencil);
      *alike = {std::move(form), true, false};
      taught = true;
      misfits_ = 0;
    } else if (Known* const place = form ? find_place() : nullptr; place != nullptr) {
      *place = {std::move(form), false, false};
      taught = nothing_open;  // the next text of this form will tell which of its values vary
      misfits_ = 0;
    }
    pause_ = taught ? 0 : std::min(pause_ * 2 + 1, longest_pause);
    passed_ = 0;
    for (Known& known : known_) known.fitted = false;
  }

 private:
  static constexpr std::size_t longest_read = std::size_t{64} << 10U;
  static constexpr std::size_t patience = 16;  // misfits in a row, after which nothing is tried until learn()
  static constexpr std::size_t longest_pause = 1024;

  struct Known {
    std::unique_ptr<Form> form;
    bool confirmed = false;  // a second text had it
    bool fitted = false;     // a text has, since something was learned
  };

  Known* find_alike(const Form& form) {
    for (Known& known : known_)
      if (form.stencil.matches(known.form->stencil)) return &known;
    return nullptr;
  }

  // A free one, else that of a form which no text has had for some time; null if all are needed.
  Known* find_place() {
    if (known_.size() < most_) return &known_.emplace_back();
    const auto last = std::find_if(known_.rbegin(), known_.rend(), [](const Known& k) { return !k.fitted; });
    return last == known_.rend() ? nullptr : &*last;
  }

  std::size_t most_;
  std::size_t longest_;
  std::vector<Known> known_;
  std::size_t misfits_ = 0;  // since a text fitted
  std::size_t pause_ = 0;    // so many texts are let pass before the next attempt
  std::size_t passed_ = 0;
};

}  // namespace sluice::engine
