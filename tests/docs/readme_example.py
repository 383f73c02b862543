import coopfx

policy = coopfx.open("policies/alma", language="en")
year = policy.year("2024")
print(year.why("work_share", of="p042"))

for rate in ("45 %", "50 %", "55 %"):
    what_if = year.amended({"60 %": rate})
    print(rate, what_if.violated, what_if.accounts[0]["added"])
