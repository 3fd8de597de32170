//===- Samples.cpp - files of samples for a model ---------------------------------------------===//

#include "intaglio/Calibration/Samples.h"

#include "intaglio/Data/Json.h"
#include "intaglio/Target/Inputs.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace intaglio;

/// The batches of a file are no larger, whatever the number of samples that is asked for, unless
/// one sample is.
static constexpr int64_t kMaxBatchBytes = int64_t(16) << 20;

/// Checks one sample of each array against the model.
static Error checkSample(const ModelInfo &info, ArrayRef<std::unique_ptr<ArrayStream>> streams) {
  std::vector<Array> sample;
  for (const auto &stream : streams) {
    sample.push_back(stream->getHeader());
    if (!sample.back().shape.empty())
      sample.back().shape.front() = 1;
  }
  return bindInputs(info, sample).takeError();
}

Expected<SampleFile> SampleFile::open(const ModelInfo &info, StringRef path) {
  SampleFile file;
  auto streams = openArrays(path);
  if (!streams)
    return streams.takeError();
  file.streams = std::move(*streams);
  if (file.streams.empty())
    return fileError(path, "no arrays");
  if (Error error = checkSample(info, file.streams))
    return createFileError(path, std::move(error));
  const Array &first = file.streams.front()->getHeader();
  for (const auto &stream : file.streams) {
    const Array &array = stream->getHeader();
    if (array.shape.empty())
      return fileError(path, "input '" + array.name + "' has no axis for samples");
    if (array.shape.front() != first.shape.front())
      return fileError(path, "input '" + array.name + "' has " + Twine(array.shape.front()) +
                                 " samples where '" + first.name + "' has " +
                                 Twine(first.shape.front()));
  }
  file.numSamples = first.shape.front();
  if (file.numSamples == 0)
    return fileError(path, "no samples: the first axis of its arrays is empty");
  return file;
}

/// Bytes of one sample.
static int64_t sampleBytes(const Array &header) {
  return *byteSize(header.dtype, ArrayRef(header.shape).drop_front());
}

Expected<std::vector<Array>> SampleFile::readBatch(int64_t limit) {
  int64_t bytes = 1;
  for (const auto &stream : streams)
    bytes += sampleBytes(stream->getHeader());
  int64_t count =
      std::min({limit, numSamples - position, std::max(kMaxBatchBytes / bytes, int64_t(1))});
  std::vector<Array> batch;
  for (const auto &stream : streams) {
    SmallVector<int64_t> shape = stream->getHeader().shape;
    shape.front() = count;
    char *data = nullptr;
    std::optional<Array> array =
        makeArray(stream->getHeader().name, stream->getHeader().dtype, shape, data);
    if (!array)
      return createStringError("no memory for a batch of samples");
    if (Error error = stream->read({data, array->bytes.size()}))
      return error;
    batch.push_back(std::move(*array));
  }
  position += count;
  return batch;
}

std::vector<Array> intaglio::getSample(ArrayRef<Array> batch, int64_t index) {
  std::vector<Array> sample(batch.begin(), batch.end());
  for (Array &array : sample) {
    size_t bytes = array.bytes.size() / array.shape.front();
    array.bytes = array.bytes.slice(index * bytes, bytes);
    array.shape.front() = 1;
  }
  return sample;
}
