// The dashboard's picture: from what the model knows to a frame of any size.
#pragma once

#include <string>

#include "top/frame.hpp"
#include "top/model.hpp"

namespace sluice::engine::top {

// One pipeline, in a frame of exactly this size. Fits from about 80 x 24; a smaller one shows less, a larger
// one more.
[[nodiscard]] Frame screen(const Model& model, Size size, Charset charset);

// All there is of all pipelines, as lines of text of at most so many columns.
[[nodiscard]] std::string report(const Model& model, std::size_t columns, Charset charset);

// One line for each pipeline, for logs: state, counts, rate, latency, and why nothing moves.
[[nodiscard]] std::string progress_lines(const Model& model, Charset charset);

}  // namespace sluice::engine::top
