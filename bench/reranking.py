"""What a cross-encoder costs a search: 20 pairs of question and passage through a small model of random weights.

    python bench/reranking.py

The model has the shape of the usual small ones (6 layers of 384, 12 heads); its words are made up, 15 a question
and 180 or 220 a passage, about an average and the longest of an index. Prints the processor's seconds a query and
those on the clock, and of the first, which loads the library and the model. OMP_NUM_THREADS=1 gives the processor's
seconds of one core, which other programs on the machine change least.
"""

import random
import tempfile
import time
from pathlib import Path
from statistics import median

from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

from evidence.retriever.cross_encoder import CrossEncoderReranker
from evidence.retriever.rerank import RERANKED

QUESTION_WORDS = 15
PASSAGE_WORDS = (180, 220)
CONTEXT = 256
QUERIES = 4
_MARKS = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
_WORDS = [f"word{number}" for number in range(30_000)]


def write_model(folder: Path) -> None:
    """A folder as sentence-transformers reads it."""
    vocabulary = {word: number for number, word in enumerate([*_MARKS.values(), *_WORDS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])],
    )
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **_MARKS).save_pretrained(folder)
    shape = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=384,
        num_hidden_layers=6,
        num_attention_heads=12,
        intermediate_size=1536,
        num_labels=1,
    )
    BertForSequenceClassification(shape).save_pretrained(folder)


def main() -> None:
    draw = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        write_model(Path(folder))
        reranker = CrossEncoderReranker("random", "0", Path(folder), CONTEXT)
        for length in PASSAGE_WORDS:
            seconds, worked = [], []
            for _ in range(QUERIES):
                question = " ".join(draw.choices(_WORDS, k=QUESTION_WORDS))
                texts = [" ".join(draw.choices(_WORDS, k=length)) for _ in range(RERANKED)]
                started, working = time.perf_counter(), time.process_time()
                reranker.score(question, texts)
                seconds.append(time.perf_counter() - started)
                worked.append(time.process_time() - working)
            print(
                f"{RERANKED} passages of {length} words: processor {median(worked[1:]):.2f} s a query, "
                f"clock {median(seconds[1:]):.2f} s, the first {seconds[0]:.1f} s"
            )


if __name__ == "__main__":
    main()
