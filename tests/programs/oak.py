"""The statute of Oak, whose years are handed in in all ways, and a table of its people as it should be.

What several tests hand to the commands stands here, and what they prove in ``sharing``.
"""

HEADING = """statute "Oak"
currency EUR
in force from 2024-01-01
"""
_MONEY = """allocate surplus
  50% to work_share
  rest to reserves.development
  losses to losses_brought_forward
share work_share among workers
  by hours
"""
OVEN = (
    HEADING.replace("Oak", "Oven")
    + """article 1 "Surplus"
  allocate surplus
    50% to work_share
    rest to reserves.development
    losses to losses_brought_forward
article 2 "Work"
  share work_share among workers
    by hours
"""
)
"""The statute of Oven, which shares the same way in articles of their own."""
BY_HOURS = HEADING + _MONEY
"""Of a person it reads whether that is a worker, and the hours."""
STATUTE = f"""{HEADING}input joined : date of person
{_MONEY}require paid: salary >= 0 EUR for each worker
require here: joined <= 2024-12-31 for each worker
require teams: headcount >= 1 for each team
"""
OWN = "closing = 2024-12-31\nsurplus = 1000\n"
"""What the year's cooperative.toml holds."""
HEAD = "id,worker,hours,salary\n"
TWO = "ana,yes,100,1234.50\nben,yes,300,2000.00\n"
