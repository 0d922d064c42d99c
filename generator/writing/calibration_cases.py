"""What a model is measured on: short invented passages, what they answer and do not, what they say and do not.

Fiction. Questions that a passage does not answer are about what it speaks of; statements that its sentence does not
bear out are near it: another number, period, name or direction, a denial lost, a plan told as done. Changing a case
changes what figures mean: then VERSION goes up, and figures of earlier versions count no more.
"""

from dataclasses import dataclass

VERSION = 1


@dataclass(frozen=True, slots=True)
class Case:
    """A passage's sentences; questions with the number of the sentence that answers, 0 for none; statements with
    the number of the sentence they are held against, and whether it says so."""

    sentences: tuple[str, ...]
    asked: tuple[tuple[str, int], ...]
    said: tuple[tuple[str, int, bool], ...]


CASES = (
    Case(
        (
            "Orlens Foundry said on Tuesday that orders in the second quarter rose to $84 million from $71 million "
            "a year earlier.",
            "The maker of casting machines employs 2,300 people in Lyndhurst and Taree.",
            "Its order backlog stood at $213 million at the end of June, the highest since 2019.",
            "Chief executive Marit Stolpe said that delivery times had lengthened to 34 weeks.",
            "She said that a third hall in Taree would not be opened before 2027.",
            "The shares closed 2 per cent lower.",
        ),
        (
            ("How large is the order backlog of Orlens Foundry?", 3),
            ("How long are its delivery times?", 4),
            ("When will the third hall open?", 5),
            ("What was the gross margin of Orlens Foundry?", 0),
            ("Who is the largest customer of Orlens Foundry?", 0),
            ("What dividend does it pay?", 0),
        ),
        (
            ("Orders of Orlens Foundry rose to $84 million in the second quarter.", 1, True),
            ("Orders of Orlens Foundry fell to $71 million in the second quarter.", 1, False),
            ("The backlog was $213 million at the end of June.", 3, True),
            ("The backlog was $231 million at the end of June.", 3, False),
            ("A third hall in Taree opens before 2027.", 5, False),
            ("Delivery times are now 34 weeks.", 4, True),
        ),
    ),
    Case(
        (
            "Net revenue for the three months ended March 31 was $412.6 million, a decrease of 9 per cent.",
            "The decrease was primarily due to lower shipments of inverters to two distributors.",
            "Gross margin was 38.2 per cent, compared with 41.0 per cent in the prior year period.",
            "Inventories increased by $27 million as the Company built safety stock of transformers.",
            "One customer accounted for 22 per cent of net revenue.",
            "The Company repurchased no shares during the quarter.",
        ),
        (
            ("Why did revenue decrease?", 2),
            ("What was the gross margin?", 3),
            ("What share of revenue came from one customer?", 5),
            ("What is the outlook for the next quarter?", 0),
            ("How many employees does the company have?", 0),
            ("What is the effective tax rate?", 0),
        ),
        (
            ("Revenue decreased by 9 per cent.", 1, True),
            ("Revenue increased by 9 per cent.", 1, False),
            ("Gross margin fell to 38.2 per cent from 41.0 per cent.", 3, True),
            ("Gross margin rose to 41.0 per cent from 38.2 per cent.", 3, False),
            ("The company repurchased shares during the quarter.", 6, False),
            ("A single customer brought 22 per cent of revenue.", 5, True),
        ),
    ),
    Case(
        (
            "Velder Air will add four wide-body aircraft to its fleet next summer.",
            "The aircraft come from Hartmoor Leasing, which also supplied the last two.",
            "They will fly from Brindle Bay to Oslo and Toronto, the airline said.",
            "Fares on both routes have risen by a tenth since January.",
            "The pilots' union called the plan welcome but late.",
            "The airline carried 3.1 million passengers in the first half.",
        ),
        (
            ("Who leases the aircraft to Velder Air?", 2),
            ("How many passengers did Velder Air carry in the first half?", 6),
            ("On which routes will the aircraft fly?", 3),
            ("What does the lease cost?", 0),
            ("How many pilots does Velder Air employ?", 0),
            ("How much did fuel cost the airline?", 0),
        ),
        (
            ("Velder Air adds four wide-body aircraft next summer.", 1, True),
            ("Velder Air added four wide-body aircraft last summer.", 1, False),
            ("Hartmoor Leasing supplied the aircraft.", 2, True),
            ("Velder Air leases aircraft to Hartmoor Leasing.", 2, False),
            ("The pilots' union welcomed the plan but called it late.", 5, True),
            ("Fares on both routes have fallen since January.", 4, False),
        ),
    ),
    Case(
        (
            "The regulator opened an investigation into Pontrel's battery recall on 4 May.",
            "Pontrel denied that it had known of the defect before March.",
            "About 61,000 scooters are affected, most of them sold in Norway and Spain.",
            "The company set aside EUR 18 million for repairs.",
            "Two suppliers of cells, Akemi and Rosbach, said that they were not involved.",
            "A decision is expected in the autumn.",
        ),
        (
            ("How many scooters are affected by the recall?", 3),
            ("How much has Pontrel set aside?", 4),
            ("When did the investigation begin?", 1),
            ("How many people were injured?", 0),
            ("What fine does Pontrel face?", 0),
            ("Which model of scooter is recalled?", 0),
        ),
        (
            ("Pontrel knew of the defect before March.", 2, False),
            ("Pontrel denied knowing of the defect before March.", 2, True),
            ("The company set aside EUR 18 million for repairs.", 4, True),
            ("The company set aside EUR 80 million for repairs.", 4, False),
            ("Akemi and Rosbach said that they were involved.", 5, False),
            ("The affected scooters were mostly sold in Norway and Spain.", 3, True),
        ),
    ),
    Case(
        (
            "Kessary Grain expects to harvest 1.9 million tonnes of barley this year.",
            "Last year's harvest was 2.2 million tonnes.",
            "The cooperative blamed a dry April and the late arrival of fertiliser.",
            "Export prices at the port of Lomma were up 6 per cent on the week.",
            "Brewers in the region hold stocks for about three months.",
            "A new silo in Hestvik will hold 40,000 tonnes.",
        ),
        (
            ("How much barley will be harvested this year?", 1),
            ("Why is the harvest smaller?", 3),
            ("How long do the stocks of brewers last?", 5),
            ("How much wheat was harvested?", 0),
            ("What did the silo in Hestvik cost?", 0),
            ("Who buys the most barley?", 0),
        ),
        (
            ("Kessary Grain expects a harvest of 1.9 million tonnes of barley.", 1, True),
            ("Kessary Grain harvested 1.9 million tonnes of barley last year.", 1, False),
            ("Export prices at Lomma rose 6 per cent in a week.", 4, True),
            ("Export prices at Lomma rose 6 per cent in a year.", 4, False),
            ("Brewers hold stocks for about three months.", 5, True),
            ("Brewers hold stocks for about three weeks.", 5, False),
        ),
    ),
    Case(
        (
            "Tollvane agreed to buy the sensor business of Quillon for $640 million in cash.",
            "The deal needs the approval of regulators in Canada and Japan.",
            "Quillon will use the money to repay debt, its finance chief said.",
            "The business had sales of $190 million last year and 850 employees.",
            "Tollvane expects the purchase to add to earnings from the second year.",
            "Analysts at Merrow Bank called the price full.",
        ),
        (
            ("What does Tollvane pay for the sensor business?", 1),
            ("What will Quillon do with the money?", 3),
            ("Whose approval does the deal need?", 2),
            ("When will the deal close?", 0),
            ("Who advised Tollvane on the purchase?", 0),
            ("How much debt does Quillon have?", 0),
        ),
        (
            ("Tollvane buys Quillon's sensor business for $640 million.", 1, True),
            ("Quillon buys Tollvane's sensor business for $640 million.", 1, False),
            ("The sensor business had sales of $190 million last year.", 4, True),
            ("The sensor business had sales of $190 million last quarter.", 4, False),
            ("Regulators in Canada and Japan have approved the deal.", 2, False),
            ("Analysts at Merrow Bank called the price full.", 6, True),
        ),
    ),
    Case(
        (
            "Capacity at the Norrask plant will double to 24,000 wafers a month by the end of 2026.",
            "The first cleaning tools arrived in August and are being qualified.",
            "Etching tools from Sandvoll are sold out until March, the company said.",
            "It plans to spend $1.2 billion this year, up from the $0.9 billion it had planned in February.",
            "Yields on the new line are above 80 per cent.",
            "The plant's power comes from two hydroelectric dams.",
        ),
        (
            ("How much will the company spend this year?", 4),
            ("Until when are etching tools sold out?", 3),
            ("What will the capacity of the Norrask plant be?", 1),
            ("Which customers have booked the new capacity?", 0),
            ("How many etching tools have been ordered?", 0),
            ("What price does a wafer sell for?", 0),
        ),
        (
            ("Capacity at Norrask doubles to 24,000 wafers a month by the end of 2026.", 1, True),
            ("Capacity at Norrask has doubled to 24,000 wafers a month.", 1, False),
            ("The company plans to spend $1.2 billion this year.", 4, True),
            ("The company planned in February to spend $1.2 billion.", 4, False),
            ("Etching tools from Sandvoll are sold out until March.", 3, True),
            ("Etching tools from Sandvoll are available from August.", 3, False),
        ),
    ),
    Case(
        (
            "Unemployment in the Isle of Farne fell to 4.1 per cent in September from 4.4 per cent in August.",
            "Construction added 900 jobs, and hotels lost 300 at the end of the season.",
            "Wages grew 3.8 per cent on the year.",
            "The central bank left its rate at 2.75 per cent last week.",
            "Economists polled by the Farne Courier had forecast no change.",
            "Inflation figures are due on Thursday.",
        ),
        (
            ("What is the unemployment rate in September?", 1),
            ("How fast did wages grow?", 3),
            ("What is the central bank's rate?", 4),
            ("How high was inflation in September?", 0),
            ("How many people are out of work?", 0),
            ("How many jobs did fishing add?", 0),
        ),
        (
            ("Unemployment fell to 4.1 per cent in September.", 1, True),
            ("Unemployment rose to 4.4 per cent in September.", 1, False),
            ("Hotels lost 300 jobs at the end of the season.", 2, True),
            ("Hotels added 900 jobs.", 2, False),
            ("The central bank raised its rate to 2.75 per cent last week.", 4, False),
            ("Wages grew 3.8 per cent on the year.", 3, True),
        ),
    ),
)
