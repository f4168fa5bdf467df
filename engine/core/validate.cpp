#include "core/validate.hpp"
