#pragma once

#include <string>
#include <vector>

namespace ntkflow {

/// Jobs that together set every key, to another value than its default where there is one.
inline std::vector<std::string> full_jobs() {
  return {R"(title = Gl)"
          "\xc3\xa4"
          R"(tte = 1, zweimal
seed = 9223372036854775807
output = out/a b.h5
[input]
space = circle
density = piecewise
edges = -3.1, 0.1, 1.5
weights = 1, 1e-3, 0.30000000000000004
scale = 0.3333333333333333
[target]
kind = cosines
frequencies = 0, 3, 1000000
phases = 0.5, -1e-3, 7
amplitudes = -1, 0, 5e-324
noise = 0.125
[reference]
rule = sample
points = 2147483647
eigenpairs = 3
kernel = monte_carlo:12
solver = krylov
tolerance = 1e-8
[training]
samples = 17
[network]
layers = fc:W,  fc:64:sigma_w=1.41:trained=no
readout = dense:init=signs
width = 33
activation = erf
fan = fan_in
sigma_w = 1.25
sigma_b = 0.1
bias = random
trained = weights
start = standard
weights = theta.h5:/group/theta0
[kernel]
ntk = no
nngp = yes
empirical = yes
[flow]
tolerance = 1e-8
t_end = 7.5/sigma[3]
t_first = 1e-5
snapshots = 7
[observe]
train_projections = no
bounds = yes
accuracy = 0.25
deviations = yes
looks_per_decade = 16
drift = yes
fisher = yes
kernel_flow = yes
kernel_every = 3
thresholds = 0.5, 1e-3
[checkpoint]
every = 0.1
)",
          R"([input]
space = dataset
dataset = mnist
path = ../mnist/./
classes = 255, 0
normalise = raw
[target]
kind = labels
[reference]
rule = all
split = test
kernel = initial
solver = dense
[training]
samples = 1
[flow]
integrator = gradient_descent
step = 0.7
times = 0, 0.7, 7
[observe]
defects = yes
)",
          R"([input]
space = dataset
path = /data
classes = 1, 7
[target]
kind = labels
[reference]
rule = sample
points = 4
disjoint = no
[training]
samples = 1
[flow]
spacing = linear
)",
          R"([input]
space = circle
density = fourier
cos = 0, -0.66666666666666663
sin = 0.125
[target]
frequencies = 2
[reference]
points = 100
[training]
rule = reference
)",
          R"([input]
space = sphere
dimension = 2
density = hemispheres
ratio = 3.5
[target]
kind = harmonics
degrees = 3, 0
orders = 0, 0
amplitudes = 2, -1
[reference]
points = 100
[training]
samples = 9
)",
          R"([input]
space = dataset
dataset = cifar10
path = /data/cifar10
classes = 0, 1, 2
colours = grey
resize = 16
normalise = standardised
[target]
kind = labels
positive = 2
[reference]
rule = all
split = test
[training]
samples = 9
)",
          R"([input]
space = dataset
path = /data
[target]
kind = none
[reference]
rule = all
[training]
samples = 1
)",
          R"([input]
space = points
train_points = a:b.h5:/x
reference_points = z.h5:/z
reference_weights = z.h5:/w
[target]
kind = file
train_values = a:b.h5:/y
reference_values = z.h5:/y
[reference]
kernel = k.h5:/group/K
)",
          R"([target]
frequencies = 1
[reference]
points = 8
integrate_kinks = no
closed_forms = no
[training]
samples = 1
)"};
}

}  // namespace ntkflow
