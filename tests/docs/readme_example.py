import coopfx

year = coopfx.open("policies/alma", language="en").year("2024")
print(year.why("work_share", of="p042"))
print(year.amended({"60 %": "45 %"}).accounts[0])
